import type { MeshEvent } from '../../src/core/event.ts';
import type { StepResult } from '../../src/core/run.ts';

export function makeEvent(event: Partial<MeshEvent> & Pick<MeshEvent, 'kind'>): MeshEvent {
  return {
    seq: 1,
    at: '2026-01-01T00:00:00Z',
    actor: 'agent:finance',
    subject: 'task:1',
    owner: null,
    trace_id: null,
    data: {},
    ...event,
  };
}

export function makeStep(step: Partial<StepResult> & Pick<StepResult, 'name' | 'status'>): StepResult {
  return { at_ms: null, failure: null, ...step };
}

import { z } from 'zod';
import { MeshEvent } from './event.ts';
import { Timestamp } from './json.ts';

const STEP_STATES = ['waiting', 'running', 'passed', 'failed', 'skipped'] as const;

/** Why a step failed: what was expected, what was seen instead. */
export const StepFailure = z.object({
  expected: z.string(),
  seen: z.string(),
  nearest: z.array(z.string()).describe('Events that come closest to what was expected'),
});
export type StepFailure = z.infer<typeof StepFailure>;

export const StepResult = z.object({
  name: z.string(),
  status: z.enum(STEP_STATES),
  /** Milliseconds from the start of the run until the step was settled. */
  at_ms: z.number().nullable(),
  failure: StepFailure.nullable(),
});
export type StepResult = z.infer<typeof StepResult>;

/** One execution of a scenario, with everything that was observed in it. */
export const Run = z.object({
  id: z.uuid(),
  scenario: z.string(),
  title: z.string(),
  mesh: z.string(),
  engine: z.string(),
  model: z.string(),
  trace_id: z.string(),
  started_at: Timestamp,
  duration_ms: z.number(),
  passed: z.boolean(),
  steps: z.array(StepResult),
  afterwards: z.array(StepResult),
  events: z.array(MeshEvent),
});
export type Run = z.infer<typeof Run>;

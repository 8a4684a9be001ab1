import { expect, test } from 'vitest';
import { compileFilter, EVENT_KINDS, type MeshEvent } from '../../src/core/event.ts';

const event: MeshEvent = {
  seq: 7,
  at: '2026-11-22T09:46:04Z',
  kind: 'task.routed',
  actor: 'user:alice',
  subject: 'task:1',
  owner: 'user:alice',
  trace_id: 'a'.repeat(32),
  data: {},
};

test.each([
  [{}, true],
  [{ kind: 'task' }, true],
  [{ kind: 'task.routed' }, true],
  [{ kind: 'approval,task' }, true],
  [{ kind: 'task.claimed' }, false],
  [{ kind: 'tas' }, false],
  [{ subject: 'task:1' }, true],
  [{ subject: 'task:2' }, false],
  [{ trace_id: 'a'.repeat(32), kind: 'task' }, true],
  [{ trace_id: 'b'.repeat(32) }, false],
])('the filter %j lets it pass: %s', (filter, passes) => {
  expect(compileFilter(filter)(event)).toBe(passes);
});

test('every kind is a noun and a verb', () => {
  for (const kind of EVENT_KINDS) expect(kind).toMatch(/^[a-z]+\.[a-z_]+$/);
});

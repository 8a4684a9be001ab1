import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { openWorkspace } from './support/cli.ts';
import { ENGINES, listDockerThings } from './support/engines.ts';
import { listProcessesOf } from './support/processes.ts';

test.each(ENGINES)('the main job passes on %s and leaves nothing behind', async (engine) => {
  await using workspace = await openWorkspace();
  const { passed, runs } = await workspace.json<{ passed: boolean; runs: Run[] }>(
    ...['test', 'scenario', 'expense-approval', '--engine', engine],
  );
  const [run] = runs;
  expect([...(run?.steps ?? []), ...(run?.afterwards ?? [])].flatMap(({ failure }) => failure ?? [])).toEqual(
    [],
  );
  expect(run?.steps).toHaveLength(5);
  expect(passed).toBe(true);

  const did = new Set(run?.events.map(({ actor, kind }) => `${actor} ${kind}`));
  expect([...did]).toEqual(
    expect.arrayContaining([
      'user:admin task.routed',
      'agent:finance approval.requested',
      'agent:manager approval.decided',
      'guard:finance guard.called',
      'guard:manager guard.called',
      'agent:finance task.completed',
    ]),
  );
  expect(await listDockerThings(run?.mesh ?? '?')).toEqual([]);
  expect(await listProcessesOf(workspace.dir)).toEqual([]);
  expect(existsSync(join(workspace.dir, 'state', 'meshes', run?.mesh ?? '?'))).toBe(false);
});

test('a scenario whose expectation is not met exits with 1 and says what was seen instead', async () => {
  const scenario = `
name: wrong
title: Expects what does not happen
roles: [legal]
start: { target: legal, type: request, description: Please read this. }
steps:
  - name: It is declined
    within_seconds: 20
    expect:
      - { event: task.completed, where: { data.outcome: declined } }
rehearsal:
  legal: [{ say: I have read it. }]
`;
  await using workspace = await openWorkspace({ 'wrong.yaml': scenario });
  const { code, stdout } = await workspace.run(['test', 'scenario', 'wrong.yaml', '--engine', 'process']);
  expect(code).toBe(1);
  expect(stdout).toContain('expected: event task.completed where data.outcome = "declined"');
  expect(stdout).toMatch(/near: .* task\.completed by agent:legal .*"outcome":"done"/);
  expect(stdout).toContain('FAILED wrong');
});

test('a request that the rehearsal has no line for fails the run at once, told by its shape', async () => {
  const scenario = `
name: silent
title: Its model has nothing to say
roles: [legal]
start: { target: legal, type: request, description: 'My e-mail address is ada@example.org' }
steps: [{ name: It is done, expect: [{ event: task.completed }] }]
rehearsal:
  legal: [{ when: { told: something else }, say: Never. }]
`;
  await using workspace = await openWorkspace({ 'silent.yaml': scenario });
  const { code, stdout } = await workspace.run(['test', 'scenario', 'silent.yaml', '--engine', 'process']);
  expect(code).toBe(1);
  expect(stdout).toContain('expected: one of the 1 lines of the rehearsal for legal to fit');
  expect(stdout).toContain('a request with the messages system, user');
  expect(stdout).not.toContain('ada@example.org');
});

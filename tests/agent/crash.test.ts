import { expect, test } from 'vitest';
import { loadScenario, scenarioFolders } from '../../src/scenario/load.ts';
import { runScenario } from '../../src/scenario/run-scenario.ts';
import { startTestMesh } from '../support/mesh.ts';
import { findGoose } from './support/goose-processes.ts';

test.each([
  ['finance', 'session.tool_called'],
  ['manager', 'session.activated'],
])('SIGKILL of the Goose of %s after %s loses nothing', async (role, moment) => {
  await using mesh = await startTestMesh(['finance', 'manager']);
  const scenario = await loadScenario('expense-approval', scenarioFolders('.'));
  // Slow enough that the kill comes in the middle of a turn.
  for (const line of Object.values(scenario.rehearsal).flat()) line.pause_ms = 250;
  let killed = 0;
  const run = await runScenario({
    scenario,
    client: mesh.controller.as('user:alice'),
    model: mesh.model,
    site: { mesh: 'test', engine: 'none', model: 'rehearsal' },
    signal: AbortSignal.timeout(50_000),
    onEvent: (event) => {
      if (killed > 0 || event.kind !== moment || event.data['role'] !== role) return;
      killed += 1;
      void findGoose(`${mesh.dataDir}/${role}`).then((pids) => {
        for (const pid of pids) process.kill(pid, 'SIGKILL');
      });
    },
    onSteps: () => undefined,
  });
  expect([...run.steps, ...run.afterwards].flatMap(({ failure }) => failure ?? [])).toEqual([]);
  expect(run.events.filter(({ kind }) => kind === 'session.interrupted')).toHaveLength(1);
  expect(run.events.filter(({ kind }) => kind === 'task.released')).toHaveLength(0);
});

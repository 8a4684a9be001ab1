import { expect, test } from 'vitest';
import { loadScenario, scenarioFolders } from '../../src/scenario/load.ts';
import { runScenario } from '../../src/scenario/run-scenario.ts';
import { startTestMesh } from '../support/mesh.ts';
import { findGoose, readEnvironment } from './support/goose-processes.ts';

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

test('Goose holds no token: neither in its environment nor in its files', async () => {
  await using mesh = await startTestMesh(['finance']);
  const [pid] = await findGoose(`${mesh.dataDir}/finance`);
  const environment = (await readEnvironment(pid ?? 0)).join('\n');
  const { client_secret } = mesh.controller.credentialsOf('agent:finance');
  expect(environment).toContain('OPENAI_HOST=http://127.0.0.1:');
  expect(environment).not.toContain(client_secret);
  // A JSON web token starts with {"alg": in base64url.
  expect(environment).not.toContain('eyJhbGciOi');
});

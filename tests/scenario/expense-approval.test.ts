import { expect, test } from 'vitest';
import { loadScenario, scenarioFolders } from '../../src/scenario/load.ts';
import { runScenario } from '../../src/scenario/run-scenario.ts';
import { startTestMesh } from '../support/mesh.ts';

test('expense-approval passes with real Goose agents', async () => {
  await using mesh = await startTestMesh(['finance', 'manager']);
  const scenario = await loadScenario('expense-approval', scenarioFolders('.'));
  const run = await runScenario({
    scenario,
    client: mesh.controller.as('user:alice'),
    model: mesh.model,
    site: { mesh: 'test', engine: 'none', model: 'rehearsal' },
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (process.env['GM_TEST_EVENTS'] !== undefined) console.log(JSON.stringify(event));
    },
    onSteps: () => undefined,
  });

  expect([...run.steps, ...run.afterwards].map(({ name, failure }) => ({ name, failure }))).toEqual(
    [...scenario.steps, ...scenario.afterwards].map(({ name }) => ({ name, failure: null })),
  );
});

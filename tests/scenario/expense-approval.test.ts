import { expect, test } from 'vitest';
import { loadScenario, scenarioFolders } from '../../src/scenario/load.ts';
import { RehearsalScript } from '../../src/scenario/rehearsal/script.ts';
import { type RunOptions, runScenario } from '../../src/scenario/run-scenario.ts';
import { startTestMesh } from '../support/mesh.ts';
import { startOtherModel } from './support/other-model.ts';

const scenario = await loadScenario('expense-approval', scenarioFolders('.'));

async function run(mesh: Awaited<ReturnType<typeof startTestMesh>>, model: RunOptions['model']) {
  const { steps, afterwards, passed } = await runScenario({
    scenario,
    client: mesh.controller.as('user:alice'),
    model,
    site: { mesh: 'test', engine: 'none', model: 'rehearsal' },
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (process.env['GM_TEST_EVENTS'] !== undefined) console.log(JSON.stringify(event));
    },
    onSteps: () => undefined,
  });
  const all = [...steps, ...afterwards].map(({ name, status, failure }) => ({ name, status, failure }));
  return { passed, all };
}

const passed = scenario.steps
  .concat(scenario.afterwards)
  .map(({ name }) => ({ name, status: 'passed', failure: null }));

test('expense-approval passes with real Goose agents', async () => {
  await using mesh = await startTestMesh(['finance', 'manager']);
  expect(await run(mesh, mesh.model)).toEqual({ passed: true, all: passed });
});

test('a model of other words passes too, without what only a rehearsal can show', async () => {
  const text = JSON.stringify(scenario.rehearsal)
    .replace('Approved: the platform team needs these three engineers in Q1.', 'Go ahead.')
    .replace('The budget was approved by the Manager.', 'All is well.');
  await using model = await startOtherModel(RehearsalScript.parse(JSON.parse(text)));
  await using mesh = await startTestMesh(['finance', 'manager'], { upstream: model.url });
  const skipped = { name: passed.at(-1)?.name, status: 'skipped', failure: null };
  expect(await run(mesh, undefined)).toEqual({ passed: true, all: [...passed.slice(0, -1), skipped] });
});

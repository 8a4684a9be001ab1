import type { Command } from 'commander';
import { MeshError } from '../../../core/errors.ts';
import type { Run, StepResult } from '../../../core/run.ts';
import { listScenarios, loadScenario, scenarioFolders } from '../../../scenario/load.ts';
import { runScenario } from '../../../scenario/run-scenario.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import { globalOptions } from '../../global-options.ts';
import { openProject } from '../../project.ts';
import { addTestOptions, testOnMesh } from '../../test-on-mesh.ts';

export function addTestScenario(test: Command): void {
  const scenario = test
    .command('scenario')
    .description('Run scenarios on the mesh that is up, or on one that lives only for the test')
    .argument('[name...]', 'names, or paths of YAML files')
    .option('--all', 'every scenario of the project and of the package', false)
    .addHelpText('after', '\nExample:\n  goose-mesh test scenario expense-approval --engine process')
    .action(testScenarios);
  addTestOptions(scenario);
}

async function testScenarios(
  asked: string[],
  { all }: { readonly all: boolean },
  command: Command,
): Promise<void> {
  const options = globalOptions(command);
  const project = await openProject(options);
  const scenarios = await loadScenarios(asked, all, project.spec.projectDir);
  await testOnMesh<Scenario, Run>(project, options, {
    kind: 'scenario',
    subjects: scenarios,
    run: (scenario, { client, model, where, screen, signal }, earlier) => {
      const before = earlier.flatMap(listAll);
      const name = (step: StepResult) =>
        scenarios.length === 1 ? step : { ...step, name: `${scenario.name}: ${step.name}` };
      return runScenario({
        scenario,
        client,
        model,
        site: where,
        signal,
        onEvent: (event) => {
          screen.event(event);
        },
        onSteps: (steps, afterwards) => {
          screen.steps([...before, ...[...steps, ...afterwards].map(name)]);
        },
      });
    },
    count: { unit: 'steps', list: listAll },
  });
}

const listAll = ({ steps, afterwards }: Run): readonly StepResult[] => [...steps, ...afterwards];

async function loadScenarios(
  names: readonly string[],
  all: boolean,
  projectDir: string,
): Promise<readonly Scenario[]> {
  const folders = scenarioFolders(projectDir);
  const known = await listScenarios(folders);
  const wanted = all ? known : names;
  if (wanted.length === 0) {
    throw new MeshError('usage', 'Expected the name of a scenario, found none.', {
      hint: `There are ${known.join(', ')}; --all runs every one.`,
    });
  }
  return Promise.all(wanted.map((name) => loadScenario(name, folders)));
}

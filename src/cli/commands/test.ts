import type { Command } from 'commander';
import { MeshError } from '../../core/errors.ts';
import type { Run, StepResult } from '../../core/run.ts';
import type { Secrets } from '../../mesh/secrets.ts';
import { listScenarios, loadScenario, scenarioFolders } from '../../scenario/load.ts';
import { runScenario } from '../../scenario/run-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { formatMs } from '../../ui/format.ts';
import type { Screen } from '../../ui/screen.ts';
import { describeIsolation } from '../choose-engine.ts';
import { type GlobalOptions, globalOptions } from '../global-options.ts';
import { interruptible } from '../interrupt.ts';
import { openScreen } from '../open-screen.ts';
import { createOutput } from '../output.ts';
import { openProject } from '../project.ts';
import { connect } from '../running-mesh.ts';
import { prepareTestMesh, type TestMesh } from '../test-mesh.ts';

export function addTest(program: Command): void {
  const test = program.command('test').description('Prove that a mesh does what it should');
  test
    .command('scenario')
    .description('Run scenarios on the mesh that is up, or on one that lives only for the test')
    .argument('[name...]', 'names, or paths of YAML files')
    .option('--all', 'every scenario of the project and of the package', false)
    .option('--engine <engine>', 'docker, process, or auto: Docker if an engine answers')
    .option('--model <model>', 'rehearsal, openai:MODEL, anthropic:MODEL or openai-compatible:URL#MODEL')
    .addHelpText('after', '\nExample:\n  goose-mesh test scenario expense-approval --engine process')
    .action(testScenarios);
}

async function testScenarios(
  names: string[],
  { all }: { readonly all: boolean },
  command: Command,
): Promise<void> {
  const options = globalOptions(command);
  const project = await openProject(options);
  const scenarios = await loadScenarios(names, all, project.spec.projectDir);
  const mesh = await prepareTestMesh(project, { modelAsked: options.model !== undefined });
  const screen = await openScreen(
    {
      title: `goose-mesh test scenario ${scenarios.map(({ name }) => name).join(' ')}`,
      facts: [
        `engine: ${mesh.engine.name} (${mesh.reason})`,
        describeIsolation(mesh.engine.name),
        `mesh: ${mesh.name}, model: ${mesh.model}`,
        ...mesh.notes,
      ],
      services: mesh.services,
    },
    options,
  );
  const onProgress = screen.progress.bind(screen);
  await interruptible(async (signal) => {
    let runs: readonly Run[] = [];
    try {
      const secrets = await mesh.start({ signal, onProgress });
      runs = await runAll({ scenarios, mesh, secrets, screen, signal, options });
    } finally {
      await mesh.stop(onProgress);
      await screen.finish(judge(scenarios, runs));
    }
    const passed = runs.length === scenarios.length && runs.every((run) => run.passed);
    createOutput(options.json).print({ passed, runs });
    if (passed) return;
    signal.throwIfAborted();
    process.exitCode = 1;
  });
}

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

interface RunAll {
  readonly scenarios: readonly Scenario[];
  readonly mesh: TestMesh;
  readonly secrets: Secrets;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly options: GlobalOptions;
}

async function runAll({
  scenarios,
  mesh,
  secrets,
  screen,
  signal,
  options,
}: RunAll): Promise<readonly Run[]> {
  // Whatever dies during the scenario is started again, also what a person stopped with `docker kill`.
  await using _alive = mesh.engine.keepAlive();
  const client = connect(mesh.engine, secrets, options.as);
  const modelUrl = mesh.model === 'rehearsal' ? await mesh.engine.address('model') : undefined;
  const model = modelUrl === undefined ? undefined : { url: modelUrl, adminKey: secrets.model_admin_key };
  const runs: Run[] = [];
  try {
    for (const scenario of scenarios) {
      if (signal.aborted) break;
      const earlier = runs.flatMap((run) => [...run.steps, ...run.afterwards]);
      const name = (step: StepResult) =>
        scenarios.length === 1 ? step : { ...step, name: `${scenario.name}: ${step.name}` };
      const run = await runScenario({
        scenario,
        client,
        model,
        site: { mesh: mesh.name, engine: mesh.engine.name, model: mesh.model },
        signal,
        onEvent: (event) => {
          screen.event(event);
        },
        onSteps: (steps, afterwards) => {
          screen.steps([...earlier, ...[...steps, ...afterwards].map(name)]);
        },
      });
      runs.push(run);
    }
    return runs;
  } finally {
    await client.close();
  }
}

function judge(
  scenarios: readonly Scenario[],
  runs: readonly Run[],
): { readonly good: boolean; readonly text: string } {
  const lines = scenarios.map(({ name }) => {
    const run = runs.find(({ scenario }) => scenario === name);
    if (run === undefined) return { good: false, text: `FAILED ${name}: it did not run` };
    const all = [...run.steps, ...run.afterwards];
    const passed = all.filter(({ status }) => status === 'passed').length;
    const verdict = run.passed ? 'PASSED' : 'FAILED';
    return {
      good: run.passed,
      text: `${verdict} ${name} in ${formatMs(run.duration_ms)}: ${passed} of ${all.length} steps`,
    };
  });
  return { good: lines.every(({ good }) => good), text: lines.map(({ text }) => text).join('; ') };
}

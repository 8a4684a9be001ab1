import type { Command } from 'commander';
import type { Client } from '../client/client.ts';
import type { StepResult } from '../core/run.ts';
import { MODEL_FORMS } from '../mesh/model.ts';
import { formatMs } from '../ui/format.ts';
import type { Screen } from '../ui/screen.ts';
import { describeIsolation } from './choose-engine.ts';
import type { GlobalOptions } from './global-options.ts';
import { interruptible } from './interrupt.ts';
import { openScreen } from './open-screen.ts';
import { createOutput } from './output.ts';
import type { Project } from './project.ts';
import { connect } from './running-mesh.ts';
import { prepareTestMesh, type TestMesh } from './test-mesh.ts';

/** What the verdict says of any run. */
interface Judged {
  readonly passed: boolean;
  readonly duration_ms: number;
}

/** What a command tests: scenarios, or suites. */
export interface Testing<Subject extends { readonly name: string }, Run extends Judged> {
  /** The name of the subcommand. */
  readonly kind: string;
  readonly subjects: readonly Subject[];
  readonly run: (subject: Subject, bench: Bench, earlier: readonly Run[]) => Promise<Run>;
  /** What of a run is counted, and its name. */
  readonly count: {
    readonly unit: string;
    readonly list: (run: Run) => readonly { readonly status: StepResult['status'] }[];
  };
}

/** What a test works with while its mesh is up. */
export interface Bench {
  readonly mesh: TestMesh;
  readonly client: Client;
  /** The scripted model; undefined where the mesh uses a real one. */
  readonly model: { readonly url: string; readonly adminKey: string } | undefined;
  /** What the record of a run says about where it ran. */
  readonly where: { readonly mesh: string; readonly engine: string; readonly model: string };
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Options of every command that tests. */
export function addTestOptions(command: Command): Command {
  return command
    .option('--engine <engine>', 'docker, process, or auto: Docker if an engine answers')
    .option('--model <model>', MODEL_FORMS);
}

/**
 * Tests the mesh that is up, or one that lives only for the test; shows how it goes, prints the runs and sets the exit
 * code by them.
 */
export async function testOnMesh<Subject extends { readonly name: string }, Run extends Judged>(
  project: Project,
  options: GlobalOptions,
  testing: Testing<Subject, Run>,
): Promise<void> {
  const mesh = await prepareTestMesh(project, { modelAsked: options.model !== undefined });
  const screen = await openScreen(
    {
      title: `goose-mesh test ${testing.kind} ${testing.subjects.map(({ name }) => name).join(' ')}`,
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
    const runs: Run[] = [];
    try {
      await runAll({ testing, mesh, screen, signal, options, runs });
    } finally {
      await mesh.stop(onProgress);
      await screen.finish(judge(testing, runs));
    }
    const passed = runs.length === testing.subjects.length && runs.every((run) => run.passed);
    createOutput(options.json).print({ passed, runs });
    if (passed) return;
    signal.throwIfAborted();
    process.exitCode = 1;
  });
}

interface RunAll<Subject extends { readonly name: string }, Run extends Judged> {
  readonly testing: Testing<Subject, Run>;
  readonly mesh: TestMesh;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly options: GlobalOptions;
  /** Takes each run when it is over. */
  readonly runs: Run[];
}

async function runAll<Subject extends { readonly name: string }, Run extends Judged>({
  testing,
  mesh,
  screen,
  signal,
  options,
  runs,
}: RunAll<Subject, Run>): Promise<void> {
  const secrets = await mesh.start({ signal, onProgress: screen.progress.bind(screen) });
  // Whatever dies during the test is started again, also what a person stopped with `docker kill`.
  await using _alive = mesh.engine.keepAlive();
  const client = connect(mesh.engine, secrets, options.as);
  try {
    const modelUrl = mesh.model === 'rehearsal' ? await mesh.engine.address('model') : undefined;
    const model = modelUrl === undefined ? undefined : { url: modelUrl, adminKey: secrets.model_admin_key };
    const where = { mesh: mesh.name, engine: mesh.engine.name, model: mesh.model };
    for (const subject of testing.subjects) {
      if (signal.aborted) break;
      runs.push(await testing.run(subject, { mesh, client, model, where, screen, signal }, runs));
    }
  } finally {
    await client.close();
  }
}

function judge<Subject extends { readonly name: string }, Run extends Judged>(
  { subjects, count }: Testing<Subject, Run>,
  runs: readonly Run[],
): { readonly good: boolean; readonly text: string } {
  // They are run in this order, and one that breaks off is the last.
  const lines = subjects.map(({ name }, index) => {
    const run = runs[index];
    if (run === undefined) return { good: false, text: `FAILED ${name}: it did not run` };
    const all = count.list(run);
    const ended = (wanted: string) => all.filter(({ status }) => status === wanted).length;
    const skipped = ended('skipped') > 0 ? `, ${ended('skipped')} skipped` : '';
    const verdict = run.passed ? 'PASSED' : 'FAILED';
    return {
      good: run.passed,
      text: `${verdict} ${name} in ${formatMs(run.duration_ms)}: ${ended('passed')} of ${all.length} ${count.unit}${skipped}`,
    };
  });
  return { good: lines.every(({ good }) => good), text: lines.map(({ text }) => text).join('; ') };
}

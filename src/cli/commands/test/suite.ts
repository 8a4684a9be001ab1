import type { Command } from 'commander';
import type { CheckResult, SuiteRun } from '../../../core/suite.ts';
import { runSuite } from '../../../suite/run-suite.ts';
import type { SuiteSite } from '../../../suite/site.ts';
import type { Suite } from '../../../suite/suite.ts';
import { findSuite, SUITES } from '../../../suite/suites.ts';
import type { ScreenStep } from '../../../ui/screen.ts';
import { globalOptions } from '../../global-options.ts';
import { killService } from '../../kill-service.ts';
import { createOutput } from '../../output.ts';
import { openProject } from '../../project.ts';
import { addTestOptions, type Bench, testOnMesh } from '../../test-on-mesh.ts';

export function addTestSuite(test: Command): void {
  const suite = test
    .command('suite')
    .description('Run a suite of checks on the mesh that is up, or on one that lives only for the test')
    .argument('[name]', 'of the suite; without it the suites are listed')
    .addHelpText(
      'after',
      `
The suites:
${SUITES.map(({ name, title }) => `  ${name}: ${title}`).join('\n')}

A suite works with sessions of its own and removes them. On a mesh that is up, lifecycle kills the controller once,
which is started again, and leaves out the time-outs: those of that mesh are not the suite's to change.

Example:
  goose-mesh test suite lifecycle --engine process`,
    )
    .action(testSuite);
  addTestOptions(suite);
}

async function testSuite(name: string | undefined, _options: unknown, command: Command): Promise<void> {
  const options = globalOptions(command);
  if (name === undefined) {
    createOutput(options.json).print(SUITES.map(describe), () => SUITES.map(render).join('\n\n'));
    return;
  }
  const suite = findSuite(name);
  await testOnMesh<Suite, SuiteRun>(await openProject(options), options, {
    kind: 'suite',
    subjects: [suite],
    run: (_suite, bench) =>
      runSuite({
        suite,
        client: bench.client,
        site: describeSite(bench),
        where: bench.where,
        signal: bench.signal,
        onChecks: (checks) => {
          bench.screen.steps(checks.map(toStep));
        },
      }),
    count: { unit: 'checks', list: ({ checks }) => checks },
  });
}

function describeSite({ mesh, screen, signal }: Bench): SuiteSite {
  const { shortenRetention } = mesh;
  const onProgress = screen.progress.bind(screen);
  return {
    restartController: () => killService(mesh.engine, 'controller', signal),
    retention:
      shortenRetention === undefined
        ? {
            fixedBecause: `how long ${mesh.name} keeps sessions is not the suite's to change; on a mesh of its own it does`,
          }
        : { shorten: (days) => shortenRetention(days, { signal, onProgress }) },
  };
}

function toStep({ case: group, reason, ...step }: CheckResult): ScreenStep {
  return { ...step, group, reason };
}

const describe = ({ name, title, cases }: Suite) => ({
  name,
  title,
  cases: cases.map(({ name, checks }) => ({ name, checks })),
});

function render({ name, title, cases }: Suite): string {
  const lines = cases.flatMap((each) => [`  ${each.name}`, ...each.checks.map((check) => `    ${check}`)]);
  return [`${name}: ${title}`, ...lines].join('\n');
}

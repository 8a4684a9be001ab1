import type { Reporter, TestModule } from 'vitest/node';

/**
 * Closes a run with one plain line that any CI can read. Where Docker is required, a test that was skipped was not
 * run, so the run has failed.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const broken = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    );
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const failed = count('failed') + broken.length;
    const skipped = count('skipped') + count('pending');
    if (skipped > 0 && process.env['GOOSE_MESH_REQUIRE_DOCKER'] === '1') {
      console.error(`${skipped} tests were skipped, but this run may skip none.`);
      process.exitCode = 1;
    }
    console.log(`${count('passed')} passed, ${failed} failed, ${skipped} skipped`);
  }
}

import { expect, test } from 'vitest';
import { openWorkspace } from './support/cli.ts';
import { ENGINES, listDockerThings } from './support/engines.ts';
import { listProcessesOf } from './support/processes.ts';

const MOMENT = 'controller: starting';

test.each(ENGINES)('Ctrl-C in the middle of `up` on %s takes back what was started', async (engine) => {
  await using workspace = await openWorkspace({ 'mesh.yaml': 'name: gm-e2e-interrupted\n' });
  const up = workspace.start(['up', '--engine', engine, '--plain']);
  let output = '';
  up.stdout.on('data', (chunk: Buffer) => {
    const before = output.includes(MOMENT);
    output += chunk.toString();
    // Once: a second Ctrl-C means at once, whatever stays behind.
    if (!before && output.includes(MOMENT)) up.kill('SIGINT');
  });
  const { exitCode } = await up;
  expect(exitCode).not.toBe(0);
  expect(output).toContain('The mesh is not up.');
  expect((await workspace.run(['status'])).stderr).toContain('is not up');
  expect(await listDockerThings('gm-e2e-interrupted')).toEqual([]);
  expect(await listProcessesOf(`${workspace.dir}/state`)).toEqual([]);
});

test('SIGKILL of `test scenario` leaves no process behind (process engine)', async () => {
  await using workspace = await openWorkspace();
  const run = workspace.start(['test', 'scenario', 'expense-approval', '--engine', 'process', '--plain']);
  await new Promise<void>((resolve) => {
    let output = '';
    run.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('finance takes the budget-request')) resolve();
    });
  });
  expect((await listProcessesOf(workspace.dir)).length).toBeGreaterThan(8);
  run.kill('SIGKILL');
  await run;
  await expect.poll(() => listProcessesOf(`${workspace.dir}/state`), { timeout: 20_000 }).toEqual([]);
});

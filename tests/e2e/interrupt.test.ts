import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/core/session.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';
import { ENGINES, listDockerThings } from './support/engines.ts';
import { listProcessesOf } from './support/processes.ts';

describe.each(ENGINES)('in the middle of `up` on %s', (engine) => {
  const NAME = `gm-e2e-interrupted-${engine}`;

  test('Ctrl-C takes back what was started, and says so in one line', async () => {
    await using workspace = await openWorkspace({ 'mesh.yaml': `name: ${NAME}\n` });
    const { exitCode, stdout, stderr } = await sendAt(
      'SIGINT',
      'controller: starting',
      workspace.start(['up', '--engine', engine, '--plain']),
    );
    expect(stdout).toContain('The mesh is not up.');
    expect(stderr).toBe('goose-mesh: Interrupted by Ctrl-C.');
    expect(exitCode).toBe(130);
    expect((await workspace.run(['status'])).stderr).toContain('is not up');
    expect(await listDockerThings(NAME)).toEqual([]);
    expect(await listProcessesOf(`${workspace.dir}/state`)).toEqual([]);
  });

  test('SIGKILL leaves nothing that `down --volumes` does not find', async () => {
    await using workspace = await openWorkspace({ 'mesh.yaml': `name: ${NAME}\n` });
    await sendAt('SIGKILL', 'controller: starting', workspace.start(['up', '--engine', engine, '--plain']));
    if (engine === 'docker') expect((await workspace.run(['status'])).stdout).toContain('was interrupted');
    expect((await workspace.run(['down', '--volumes'])).code).toBe(0);
    expect(await listDockerThings(NAME)).toEqual([]);
    expect(await listProcessesOf(`${workspace.dir}/state`)).toEqual([]);
  });
});

test.runIf(ENGINES.includes('docker'))(
  'data that `down` has left in Docker is found by a `down --volumes` after it',
  async () => {
    await using workspace = await openWorkspace({
      'mesh.yaml': 'name: gm-e2e-left\nagents: [{ role: legal }]\n',
    });
    expect((await workspace.run(['up', '--engine', 'docker'])).code).toBe(0);
    await workspace.run(['down']);
    expect((await listDockerThings('gm-e2e-left')).length).toBeGreaterThan(0);
    await workspace.run(['down', '--volumes']);
    expect(await listDockerThings('gm-e2e-left')).toEqual([]);
  },
);

describe('what waits is ended by a signal with its exit code', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace({ 'mesh.yaml': 'agents: [{ role: finance }, { role: manager }]\n' });
    const { code, stderr } = await workspace.run(['up', '--engine', 'process']);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('`logs -f` says nothing about it', async () => {
    const logs = workspace.start(['logs', '-f', 'controller']);
    expect(await sendAt('SIGTERM', 'ready', logs)).toMatchObject({ exitCode: 143, stderr: '' });
  });

  test('`session watch` says nothing about it', async () => {
    const { id } = await workspace.json<Session>('session', 'create', '--role', 'finance');
    const watch = workspace.start(['session', 'watch', id]);
    expect(await sendAt('SIGINT', 'session.created', watch)).toMatchObject({ exitCode: 130, stderr: '' });
  });

  test('`prompt` says where the answer will be', async () => {
    const prompt = workspace.start(['prompt', 'finance', 'What is left of the budget?']);
    const { exitCode, stderr } = await sendAt('SIGINT', 'finance takes the prompt', prompt);
    expect(stderr).toMatch(/was interrupted\.\n {2}Try: goose-mesh task show [0-9a-f-]{36} /);
    expect(exitCode).toBe(130);
  });

  test('`test scenario` judges what it has seen', async () => {
    const run = workspace.start(['test', 'scenario', 'expense-approval', '--plain']);
    const { exitCode, stdout, stderr } = await sendAt('SIGTERM', 'finance takes the budget-request', run);
    expect(stdout).toContain('FAILED expense-approval');
    expect(stderr).toBe('goose-mesh: Told to end by SIGTERM.');
    expect(exitCode).toBe(143);
  });
});

describe.each(ENGINES)('in the middle of `test scenario` on %s', (engine) => {
  const NAME = `gm-e2e-dead-${engine}`;
  const TEST = ['test', 'scenario', 'expense-approval', '--engine', engine, '--plain'];
  const MOMENT = 'finance takes the budget-request';

  test('a terminal that is closed takes the mesh with it', async () => {
    await using workspace = await openWorkspace({ 'mesh.yaml': `name: ${NAME}\n` });
    expect(await sendAt('SIGHUP', MOMENT, workspace.start(TEST))).toMatchObject({ exitCode: 143 });
    expect(await listDockerThings(NAME)).toEqual([]);
    expect(await listProcessesOf(`${workspace.dir}/state`)).toEqual([]);
  });

  test('SIGKILL leaves nothing that the next command does not remove', async () => {
    await using workspace = await openWorkspace({ 'mesh.yaml': `name: ${NAME}\n` });
    await sendAt('SIGKILL', MOMENT, workspace.start(TEST));
    if (engine === 'process') {
      await expect.poll(() => listProcessesOf(`${workspace.dir}/state`), { timeout: 20_000 }).toEqual([]);
    }
    expect((await workspace.run(['down'])).stdout).toMatch(/So is gm-e2e-dead-\w+-test-\w+, left by a test/);
    expect(await listDockerThings(NAME)).toEqual([]);
    expect(await readdir(`${workspace.dir}/state/meshes`)).toEqual([]);
  });
});

test.each(ENGINES)('of two `up` at once on %s one brings the mesh up, the other says so', async (engine) => {
  await using workspace = await openWorkspace({ 'mesh.yaml': 'agents: [{ role: legal }]\n' });
  const ups = await Promise.all([1, 2].map(() => workspace.run(['up', '--engine', engine])));
  expect(ups.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(ups.find(({ code }) => code === 2)?.stderr).toContain('is just bringing this mesh up or down');
  expect((await workspace.run(['status'])).code).toBe(0);
});

/** Sends a signal, once, as soon as a command has said something. Gives how it ended. */
async function sendAt(signal: NodeJS.Signals, moment: string, running: ReturnType<Workspace['start']>) {
  let said = '';
  const listen = (chunk: Buffer) => {
    const before = said.includes(moment);
    said += chunk.toString();
    if (!before && said.includes(moment)) running.kill(signal);
  };
  running.stdout.on('data', listen);
  running.stderr.on('data', listen);
  const { exitCode, stdout, stderr } = await running;
  return { exitCode, stdout, stderr };
}

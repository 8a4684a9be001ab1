import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { PartConfig } from '../../../src/core/config.ts';
import type { Progress } from '../../../src/mesh/engine.ts';
import { isAlive } from '../../database/support/processes.ts';
import { openMesh } from './support/mesh.ts';
import { occupyPort } from './support/occupy-port.ts';
import { planDatabase, planMesh, planModel } from './support/plans.ts';

test('services start in the order of the plan, and are ready when up resolves', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['database', 'first', 'second']);
  const steps = await up([
    planModel(site, 'second', { after: ['first', 'database'] }),
    planModel(site, 'first', { publish: undefined }),
    planDatabase(site, 'database'),
  ]);

  const started = steps.indexOf('second starting');
  expect(started).toBeGreaterThan(steps.indexOf('first starting'));
  expect(started).toBeGreaterThan(steps.indexOf('database starting'));
  expect(await engine.status()).toMatchObject([
    { service: 'database', part: 'database', state: 'running', restarts: 0, address: undefined },
    { service: 'first', part: 'model', state: 'running', address: undefined },
    { service: 'second', part: 'model', state: 'running', address: site.url('second', '') },
  ]);
});

test('a second up changes only what differs', async () => {
  const { engine, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['same', 'changed', 'gone', 'added']);
  await up([planModel(site, 'same'), planModel(site, 'changed'), planModel(site, 'gone')]);
  const [same, changed, gone] = await Promise.all(['same', 'changed', 'gone'].map(pidOf));

  const steps = await up([
    planModel(site, 'same'),
    planModel(site, 'changed', { publish: undefined }),
    planModel(site, 'added'),
  ]);

  expect(steps).toEqual(
    expect.arrayContaining(['same kept', 'changed stopped', 'changed ready', 'added ready', 'gone stopped']),
  );
  expect(await pidOf('same')).toBe(same);
  expect(await pidOf('changed')).not.toBe(changed);
  expect(await isAlive(gone ?? 0)).toBe(false);
  expect((await engine.status()).map(({ service }) => service)).toEqual(['added', 'changed', 'same']);
});

test('the same plan from a new engine, after the ports were remembered, keeps everything', async () => {
  const first = await openMesh();
  const site = await first.engine.prepareSite(['model']);
  await first.up([planModel(site, 'model')]);

  const second = await openMesh({ stateDir: first.stateDir });
  const steps = await second.up([planModel(await second.engine.prepareSite(['model']), 'model')]);
  expect(steps).toEqual(['model kept']);
});

test('two ups at the same time end with one mesh', async () => {
  const { stateDir } = await openMesh();
  const bringUp = async () => {
    const { engine, up } = await openMesh({ stateDir });
    return up([planModel(await engine.prepareSite(['model']), 'model')]);
  };
  const steps = await Promise.all([bringUp(), bringUp()]);
  expect(steps.map((each) => each.at(-1)).sort()).toEqual(['model kept', 'model ready']);
});

test('a part that cannot start fails up with its reason, and what was started is stopped', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['model', 'database']);
  const plan = planDatabase(site, 'database', { after: ['model'] });
  const broken = { ...plan, config: { ...plan.config, data_dir: '/dev/null/data' } };
  await expect(up([planModel(site, 'model'), broken])).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(
      /^database does not start, it ended with code 1\.\nIts last lines:\n {2}cannot serve: ENOTDIR/,
    ) as unknown,
  });
  expect(await engine.status()).toEqual([]);
});

test('a part that cannot start and knows what to do about it says so', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['model']);
  const { port } = await occupyPort();
  const plan = planModel(site, 'model');
  const config = { ...plan.config, listen: { host: '127.0.0.1', port } } as PartConfig;
  await expect(up([{ ...plan, config }])).rejects.toMatchObject({
    message: `model does not start, it ended with code 1: Cannot listen on 127.0.0.1:${port}: the port is in use.`,
    hint: expect.stringContaining('ss -ltnp') as unknown,
  });
});

test('a change that fails leaves what ran before', async () => {
  const { engine, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['kept', 'changed', 'broken']);
  await up([planModel(site, 'kept'), planModel(site, 'changed')]);
  const kept = await pidOf('kept');

  const { port } = await occupyPort();
  const broken = planModel(site, 'broken', { after: ['changed'], publish: port });
  await expect(up([planModel(site, 'changed', { publish: undefined }), broken])).rejects.toThrow();

  expect(await pidOf('kept')).toBe(kept);
  expect((await engine.status()).map(({ service, address }) => [service, address])).toEqual([
    ['changed', site.url('changed', '')],
    ['kept', site.url('kept', '')],
  ]);
});

test('an up that is aborted takes back what it started', async () => {
  const { engine } = await openMesh();
  const site = await engine.prepareSite(['model', 'database']);
  const plan = planMesh([planModel(site, 'model'), planDatabase(site, 'database', { after: ['model'] })]);
  const abort = new AbortController();
  const onProgress = ({ service, state }: Progress) => {
    if (service === 'database' && state === 'starting') abort.abort(new Error('enough'));
  };
  await expect(engine.up(plan, { signal: abort.signal, onProgress })).rejects.toThrow('enough');
  expect(await engine.status()).toEqual([]);
});

test('an up that is aborted while its supervisor is launched starts nothing', async () => {
  const { engine } = await openMesh();
  const site = await engine.prepareSite(['model']);
  const abort = new AbortController();
  const { signal } = abort;
  const steps: Progress[] = [];
  const going = engine.up(planMesh([planModel(site, 'model')]), {
    signal,
    onProgress: (step) => steps.push(step),
  });
  abort.abort(new Error('enough'));
  await expect(going).rejects.toThrow('enough');
  expect(steps).toEqual([]);
  expect(await engine.status()).toEqual([]);
});

test('a service is published on the port that the plan names', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['model']);
  const { port, release } = await occupyPort();
  await release();
  await up([planModel(site, 'model', { publish: port })]);
  expect(await engine.address('model')).toBe(`http://127.0.0.1:${port}`);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
});

test('a port that is in use is named, with the way to find who has it', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['model']);
  const { port } = await occupyPort();
  await expect(up([planModel(site, 'model', { publish: port })])).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining(`Port ${port}`) as unknown,
    hint: expect.stringContaining('ss -ltnp') as unknown,
  });
});

test('secrets are in files of mode 0600 only, and not in arguments', async () => {
  const { engine, stateDir, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['model']);
  await up([planModel(site, 'model')]);
  expect((await stat(join(stateDir, 'config'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(stateDir, 'config/model.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(stateDir, 'logs/model.log'))).mode & 0o777).toBe(0o600);
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(await pidOf('model'))]);
  expect(stdout).toMatch(/serve model --config .*model\.json --tied/);
});

test('directories that are to be in memory are, until the mesh is down', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['model']);
  const secret = join(site.dataDir('model'), 'state');
  await up([planModel(site, 'model', { tmpfs: [secret] })]);
  const target = await realpath(secret);
  if (process.platform === 'linux') expect(target).toMatch(/^\/dev\/shm\//);
  await writeFile(join(secret, 'prompts'), 'a text that nobody may keep');
  await engine.down({ volumes: false });
  expect(existsSync(secret)).toBe(false);
  expect(existsSync(target)).toBe(false);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readSupervisor } from '../../../src/mesh/engines/process/control-client.ts';
import { describePlace } from '../../../src/mesh/engines/process/place.ts';
import { isAlive, waitForEnd } from '../../database/support/processes.ts';
import { makeStateDir, openMesh } from './support/mesh.ts';
import { planDatabase, planModel } from './support/plans.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/up.ts', import.meta.url));

test('nothing outlives a supervisor that is killed, and the next up starts anew', async () => {
  const { stateDir, parent } = await bringUpElsewhere('untied');
  const pids = await listPids(stateDir);
  parent.kill('SIGKILL');
  process.kill(pids.supervisor, 'SIGKILL');
  await Promise.all(Object.values(pids).map(waitForEnd));

  const { engine, up } = await openMesh({ stateDir });
  expect(await engine.status()).toEqual([]);
  const site = await engine.prepareSite(['database']);
  expect(await up([planDatabase(site, 'database')])).toContain('database ready');
});

test('a tied mesh ends with whoever started it, even if that is killed', async () => {
  const { stateDir, parent } = await bringUpElsewhere('tied');
  const pids = await listPids(stateDir);
  parent.kill('SIGKILL');
  await Promise.all(Object.values(pids).map(waitForEnd));
});

test('a mesh that is not tied outlives whoever started it', async () => {
  const { stateDir, parent } = await bringUpElsewhere('untied');
  const pids = await listPids(stateDir);
  parent.kill('SIGKILL');
  await once(parent, 'exit');

  const { engine } = await openMesh({ stateDir });
  expect(await engine.status()).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  await engine.down({ volumes: true });
  await Promise.all(Object.values(pids).map(waitForEnd));
});

test('what a killed up has started is stopped, and what ran before stays', async () => {
  const { engine, stateDir, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['database', 'model']);
  await up([planModel(site, 'model')]);
  const before = await pidOf('model');

  const { parent } = await bringUpElsewhere('untied', { stateDir, until: 'database starting' });
  parent.kill('SIGKILL');
  // It waits for its turn, and so for what the other has to take back.
  expect(await up([planModel(site, 'model')])).toEqual(['model kept']);
  expect(await pidOf('model')).toBe(before);
});

test('a mesh that is tied to another process is not touched by up', async () => {
  const { stateDir, parent } = await bringUpElsewhere('tied');
  const { engine, up } = await openMesh({ stateDir });
  const site = await engine.prepareSite(['model']);
  await expect(up([planModel(site, 'model')])).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`Process ${parent.pid ?? 0} runs test`) as unknown,
  });
});

/** A mesh of a real database and a model, brought up by another process, which then stays. */
async function bringUpElsewhere(
  tie: 'tied' | 'untied',
  options: { readonly stateDir?: string; readonly until?: string } = {},
) {
  const { stateDir = await makeStateDir(), until = 'up' } = options;
  const parent = spawn(process.execPath, [FIXTURE, stateDir, tie], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  for await (const line of createInterface({ input: parent.stdout })) if (line === until) break;
  return { stateDir, parent };
}

async function listPids(stateDir: string) {
  const supervisor = await readSupervisor(describePlace(stateDir));
  const pidOf = (name: string) => supervisor?.services.find(({ service }) => service === name)?.pid ?? 0;
  const lock = await readFile(join(stateDir, 'data/database/cluster/postmaster.pid'), 'utf8');
  const pids = {
    supervisor: supervisor?.pid ?? 0,
    database: pidOf('database'),
    model: pidOf('model'),
    postgres: Number.parseInt(lock, 10),
  };
  for (const pid of Object.values(pids)) expect(await isAlive(pid)).toBe(true);
  return pids;
}

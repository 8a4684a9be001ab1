import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { readSupervisor } from '../../../src/mesh/engines/process/control-client.ts';
import { describePlace } from '../../../src/mesh/engines/process/place.ts';
import type { Site } from '../../../src/mesh/plan.ts';
import { waitForEnd } from '../../database/support/processes.ts';
import { makeStateDir, openMesh } from './support/mesh.ts';
import { planDatabase, planMesh, planModel } from './support/plans.ts';

test('down stops in the reverse order', async () => {
  const { engine, up } = await openMesh();
  const site = await engine.prepareSite(['first', 'second']);
  await up([planModel(site, 'first'), planModel(site, 'second', { after: ['first'] })]);
  const steps: string[] = [];
  await engine.down({
    volumes: false,
    onProgress: ({ service, state }) => steps.push(`${service} ${state}`),
  });
  expect(steps).toEqual(['second stopping', 'second stopped', 'first stopping', 'first stopped']);
  expect(await engine.status()).toEqual([]);
});

test('without volumes down keeps data and ports, with them nothing', async () => {
  const { engine, stateDir, up } = await openMesh();
  const site = await engine.prepareSite(['database']);
  await up([planDatabase(site, 'database')]);
  await query(site, 'CREATE TABLE notes ()');
  await engine.down({ volumes: false });
  expect(existsSync(join(stateDir, 'config'))).toBe(false);

  const again = await engine.prepareSite(['database']);
  expect(again.listen('database')).toEqual(site.listen('database'));
  await up([planDatabase(again, 'database')]);
  await query(again, 'TABLE notes');

  await engine.down({ volumes: true });
  expect(await readdir(stateDir)).toEqual([]);
});

test('down ends an up that is going on', async () => {
  const { engine } = await openMesh();
  const site = await engine.prepareSite(['database']);
  const stopping = Promise.withResolvers<undefined>();
  const going = engine.up(planMesh([planDatabase(site, 'database')]), {
    signal: new AbortController().signal,
    onProgress: ({ state }) => {
      if (state === 'starting') stopping.resolve(engine.down({ volumes: true }).then(() => undefined));
    },
  });
  await expect(going).rejects.toThrow('The mesh is being stopped.');
  await stopping.promise;
  expect(await engine.status()).toEqual([]);
});

test('down of a mesh that is not up does nothing', async () => {
  const { engine } = await openMesh();
  await engine.down({ volumes: true });
  expect(await engine.status()).toEqual([]);
});

test('down removes what a supervisor left that was killed', async () => {
  const { engine, stateDir, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['model']);
  await up([planModel(site, 'model')]);
  const model = await pidOf('model');
  process.kill((await readSupervisor(describePlace(stateDir)))?.pid ?? 0, 'SIGKILL');
  await waitForEnd(model);
  expect(existsSync(join(stateDir, 'config/model.json'))).toBe(true);

  await engine.down({ volumes: true });
  expect(await readdir(stateDir)).toEqual([]);
});

test('a supervisor ends with its services when nobody can reach it any more', async () => {
  const { engine, stateDir, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['model']);
  await up([planModel(site, 'model')]);
  const pids = [await pidOf('model'), (await readSupervisor(describePlace(stateDir)))?.pid ?? 0];
  await rm(stateDir, { recursive: true });
  await Promise.all(pids.map(waitForEnd));
});

test('a state directory whose path is too long for a socket works too', async () => {
  const stateDir = join(await makeStateDir(), 'x'.repeat(100));
  const { engine, up } = await openMesh({ stateDir });
  const site = await engine.prepareSite(['model']);
  await up([planModel(site, 'model')]);
  expect(await engine.status()).toMatchObject([{ service: 'model', state: 'running' }]);
  await engine.down({ volumes: true });
  expect(existsSync(describePlace(stateDir).socket)).toBe(false);
});

async function query(site: Site, sql: string): Promise<void> {
  const { host, port } = site.listen('database');
  const client = new Client({ host, port, user: 'mesh', password: 'a password for tests', database: 'mesh' });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

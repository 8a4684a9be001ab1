import { expect, test } from 'vitest';
import { countFailures, restartDelayMs } from '../../../src/mesh/engines/process/supervisor/restart-delay.ts';
import { waitForEnd } from '../../database/support/processes.ts';
import { openMesh } from './support/mesh.ts';
import { planDatabase, planModel } from './support/plans.ts';

test('a service that is killed is started again, and says so in its log', async () => {
  const { engine, up, pidOf } = await openMesh();
  const site = await engine.prepareSite(['database']);
  await up([planDatabase(site, 'database')]);
  const before = await pidOf('database');

  await engine.kill('database');
  await waitForEnd(before);
  const signal = AbortSignal.timeout(30_000);
  let starts = 0;
  for await (const { text } of engine.logs({ services: ['database'], follow: true, signal })) {
    if (text.includes('"msg":"ready"') && ++starts === 2) break;
  }

  expect(await engine.status()).toMatchObject([{ state: 'running', restarts: 1 }]);
  expect(await pidOf('database')).not.toBe(before);
});

test('there is nothing to kill where nothing runs', async () => {
  const { engine, up } = await openMesh();
  await expect(engine.kill('model')).rejects.toMatchObject({ code: 'not_found' });
  const site = await engine.prepareSite(['model']);
  await up([planModel(site, 'model')]);
  await expect(engine.kill('modle')).rejects.toMatchObject({
    code: 'not_found',
    hint: 'The services are model.',
  });
});

test('the first restart comes at once, later ones ever later, but never later than 5 s', () => {
  const delays = [1, 2, 3, 4, 20].map(restartDelayMs);
  expect(delays).toEqual([0, 100, 200, 400, 5000]);
});

test('a process that was well for a while counts as a first failure', () => {
  expect(countFailures(7, 1_000)).toBe(8);
  expect(countFailures(7, 60_000)).toBe(1);
});

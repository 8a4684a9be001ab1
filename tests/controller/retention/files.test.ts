import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Profile } from '../../../src/core/profile.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { findInFiles } from '../../support/find-in-files.ts';
import { endTurn, startWork } from '../support/work.ts';

/** Where PostgreSQL keeps the tables of the mesh. The log of its changes is elsewhere: it is recycled in time. */
async function tablesOf(mesh: TestController): Promise<string> {
  const [found] = await mesh.sql<{ data: string; oid: string }>(
    `select current_setting('data_directory') as data, oid::text from pg_database where datname = current_database()`,
  );
  return join(found?.data ?? '', 'base', found?.oid ?? '');
}

test('PostgreSQL has no more of what was erased once it has cleaned up, not even in its statistics', async () => {
  const legal = await readProfile('legal');
  const policies = { ...legal.policies, retention: { content_days: 0, result_days: 0 } };
  const profiles = [await readProfile('finance'), Profile.parse({ ...legal, policies })];
  await using mesh = await startTestController({ profiles });
  const marker = `marker-${randomUUID()}`;
  const works = [];
  for (const n of [1, 2, 3, 4]) {
    const description = `${marker} ${n}`;
    const work = await startWork(mesh, {
      target: 'legal',
      description,
      data: { at: description },
      attachments: [{ name: description, uri: 'https://files.example/1' }],
    });
    await work.tools.call('notify', { role: 'finance', text: description });
    works.push(work);
  }
  await mesh.sql('analyze');
  await mesh.sql('checkpoint');
  const tables = await tablesOf(mesh);
  expect(await findInFiles(tables, marker)).not.toEqual([]);

  for (const { tools } of works) await tools.call('complete_task', { outcome: 'done', summary: marker });
  for (const work of works) await endTurn(work);
  const left = () =>
    mesh.sql(`select from tasks where result is not null or erased_at is null
              union all select from notifications where erased_at is null`);
  await vi.waitUntil(async () => (await left()).length === 0, { timeout: 10_000 });
  const cleanUp = async () => {
    await mesh.sql('vacuum full');
    await mesh.sql('checkpoint');
    return findInFiles(tables, marker);
  };
  // What a transaction could still see that was open meanwhile, such as one of the sealer's, is cleaned up with the next.
  await vi.waitUntil(async () => (await cleanUp()).length === 0, { timeout: 20_000 });
});

import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { listReleases } from '../support/lease.ts';
import { spawnController } from '../support/process.ts';
import { startWork } from '../support/work.ts';

const PATIENT = { timeout: 15_000 };

/** Sweepers find this in their way: an expired lease whose task they cannot lock. */
async function block(mesh: TestController, id: string) {
  const other = await connect(mesh);
  await other.query('begin');
  await other.query('select 1 from tasks where id = $1 for update', [id]);
  return { release: () => other.end() };
}

async function connect(mesh: TestController): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: mesh.databaseUrl });
  // Where a test fails, its database goes before this connection does.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The names of the connections that hold the lock of the sweeper, and of those that wait for the task. */
const sweeping = (mesh: TestController) =>
  mesh.sql<{ holder: string; waiting: number }>(
    `select a.application_name as holder,
            (select count(*)::int from pg_stat_activity w
             where w.datname = current_database() and w.wait_event_type = 'Lock') as waiting
     from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and a.datname = current_database()`,
  );

test('of several controllers one sweeps, and when it is killed another one does at once', async () => {
  await using mesh = await startTestController({ lease_seconds: 1 });
  const twins = [await spawnController(mesh.config, 'left'), await spawnController(mesh.config, 'right')];
  await mesh.stop();
  mesh.url = twins[0]?.url ?? '';
  const work = await startWork(mesh);
  const { release } = await block(mesh, work.task.id);
  await vi.waitUntil(async () => (await sweeping(mesh))[0]?.waiting === 1, PATIENT);
  const [first] = await sweeping(mesh);
  const sweeper = twins.find(({ name }) => name === first?.holder);
  await sweeper?.kill();
  await vi.waitUntil(async () => {
    const [next] = await sweeping(mesh);
    return next !== undefined && next.holder !== sweeper?.name && next.waiting > 0;
  }, PATIENT);
  await release();
  await vi.waitUntil(async () => (await listReleases(mesh, work)).length > 0, PATIENT);
  expect(await listReleases(mesh, work)).toHaveLength(1);
});

test('while another one sweeps, a controller leaves all to it', async () => {
  await using mesh = await startTestController({ lease_seconds: 0.5 });
  const work = await startWork(mesh);
  const other = await connect(mesh);
  await other.query(`select pg_advisory_lock(hashtextextended('goose-mesh sweeper', 0))`);
  await vi.waitUntil(
    async () => (await mesh.sql('select 1 from tasks where lease_expires_at < now()')).length === 1,
    PATIENT,
  );
  // Time enough for whoever would have swept.
  for (let turn = 0; turn < 5; turn += 1) await mesh.as('user:alice').tasks.list();
  expect(await listReleases(mesh, work)).toEqual([]);
  await other.end();
  await vi.waitUntil(async () => (await listReleases(mesh, work)).length === 1, PATIENT);
});

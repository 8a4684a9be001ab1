import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { endTurn, startWork } from '../support/work.ts';

let mesh: TestController;
let clients: pg.Client[];
beforeEach(async () => {
  mesh = await startTestController();
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await mesh[Symbol.asyncDispose]();
});

/** Somebody else who works on the same rows, in a transaction that has begun. */
async function openTransaction(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: mesh.databaseUrl });
  await client.connect();
  clients.push(client);
  await client.query('begin');
  return client;
}

const lockTask = 'select id from tasks where id = $1 for no key update';
const lockSession = 'select id from sessions where id = $1 for no key update';

/** Resolves once a transaction waits for the rows of another. */
async function untilWaiting(holder: pg.Client): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  const waiting = 'select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
  while ((await mesh.sql(waiting, [rows[0]?.pid])).length === 0);
}

test('who finds that a task beneath has just got a session lets go of it before the sessions are locked', async () => {
  const { task, sessionId, tools, ...work } = await startWork(mesh);
  const { task_id: childId } = await tools.call('send_task', { role: 'legal', description: 'May we?' });
  await endTurn(work);

  const claimer = await openTransaction();
  await claimer.query(lockTask, [childId]);
  const cancelled = mesh.as('user:alice').tasks.cancel(task.id, 'enough');
  await untilWaiting(claimer);
  // The claim gives the child its session. Who comes after that locks both sessions, and then the tasks.
  const other = await openTransaction();
  await other.query(lockSession, [sessionId]);
  await claimer.query(
    `with s as (
       insert into sessions (role, owner, task_id, trace_id) select 'legal', owner, id, trace_id from tasks where id = $1
       returning id
     )
     update tasks set session_id = s.id from s where tasks.id = $1`,
    [childId],
  );
  await claimer.query('commit');
  await untilWaiting(other);
  await other.query(`${lockTask} nowait`, [childId]);
  await other.query('commit');
  expect(await cancelled).toMatchObject({ status: 'cancelled' });
});

test('who files a task under one that has no session locks that one before all sessions', async () => {
  const { task, sessionId } = await startWork(mesh, { target: 'legal' });
  const alice = mesh.as('user:alice');
  const parent = await alice.tasks.route({ target: 'finance', description: 'All of it.' });
  const other = await openTransaction();
  await other.query(lockTask, [parent.id]);
  const edited = alice.tasks.edit(task.id, { parent_id: parent.id });
  await untilWaiting(other);
  await other.query(`${lockSession} nowait`, [sessionId]);
  await other.query('commit');
  expect(await edited).toMatchObject({ parent_id: parent.id });
});

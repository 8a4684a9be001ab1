import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startBenchController } from './support/controller.ts';
import { median, quantile } from './support/statistics.ts';
import { millis, printTable, times } from './support/table.ts';

const ROUNDS = 300;

/** From sending a task to its claim by an agent that waits, through HTTP on both sides. */
export async function benchClaim(): Promise<void> {
  await using mesh = await startBenchController();
  const sender = mesh.as('user:admin');
  const agent = mesh.as('agent:legal');
  const results: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const claim = agent.tasks.claim(randomUUID(), 10_000);
    // The agent waits before the task is sent; without this the claim might just find it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const sentAt = performance.now();
    const [claimed] = await Promise.all([
      claim.then((work) => ({ work, at: performance.now() })),
      sender.tasks.route({ target: 'legal', description: 'x' }),
    ]);
    results.push(claimed.at - sentAt);
    const { work } = claimed;
    if (work === undefined) throw new Error('no task came');
    await agent.tasks.fail(work.task.id, work.lease_id, { reason: 'a benchmark', retryable: false });
  }
  const notify = await measureNotify(mesh.databaseUrl);
  printTable(
    `From POST /tasks/route to the claim by a waiting agent, ${ROUNDS} times`,
    ['', 'time', 'ratio'],
    [
      [
        'median (target: under 20 ms)',
        millis(median(results)),
        `${times(median(results) / notify)} of a bare insert + NOTIFY`,
      ],
      ['p99', millis(quantile(results, 0.99)), ''],
      ['bare insert + NOTIFY between two connections, median', millis(notify), ''],
    ],
  );
}

/** What PostgreSQL alone takes to store a row and wake another connection. */
async function measureNotify(url: string): Promise<number> {
  const [writer, listener] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([writer.connect(), listener.connect()]);
  await writer.query('create table if not exists bench_notify (id serial primary key)');
  await listener.query('listen bench_notify');
  const results: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const woken = new Promise<void>((resolve) =>
      listener.once('notification', () => {
        resolve();
      }),
    );
    const startedAt = performance.now();
    await writer.query(
      "with x as (insert into bench_notify default values returning id) select pg_notify('bench_notify', '') from x",
    );
    await woken;
    results.push(performance.now() - startedAt);
  }
  await Promise.all([writer.end(), listener.end()]);
  return median(results);
}

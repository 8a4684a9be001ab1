import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startBenchController } from '../support/controller.ts';
import type { Mesh } from '../support/load.ts';
import { median, time } from '../support/statistics.ts';
import { millis, printTable, times } from '../support/table.ts';

const ROUNDS = 100;
const TASKS = 100_000;
const EVENTS = 1_000_000;

/** Whether claims and lists take longer when the tables are full. */
export async function benchSize(): Promise<void> {
  await using mesh = await startBenchController();
  const empty = await measure(mesh);
  const plans = await fill(mesh);
  const full = await measure(mesh);
  printTable(
    `With ${TASKS} open tasks and ${EVENTS} events, median of ${ROUNDS} (target: at most 1.5×)`,
    ['', 'empty', 'full', 'ratio'],
    Object.entries(full).map(([name, ms]) => {
      const before = empty[name] ?? Number.NaN;
      return [name, millis(before), millis(ms), times(ms / before)];
    }),
  );
  for (const [name, plan] of Object.entries(plans))
    console.log(`Plan of ${name}:\n\n\`\`\`\n${plan}\n\`\`\`\n`);
}

async function measure(mesh: Mesh): Promise<Readonly<Record<string, number>>> {
  const admin = mesh.as('user:admin');
  const agent = mesh.as('agent:finance');
  const claims: number[] = [];
  const lists: number[] = [];
  const inboxes: number[] = [];
  const events: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await admin.tasks.route({ target: 'finance', description: 'One more.' });
    let claim: Awaited<ReturnType<typeof agent.tasks.claim>>;
    claims.push(
      await time(async () => {
        claim = await agent.tasks.claim(randomUUID(), 0);
      }),
    );
    if (claim === undefined) throw new Error('no task came');
    await agent.tasks.complete(claim.task.id, claim.lease_id, { text: 'Done.' });
    lists.push(await time(() => admin.tasks.list({ limit: 50 })));
    inboxes.push(await time(() => agent.tasks.list({ limit: 50, status: 'pending' })));
    events.push(
      await time(() => admin.audit.events({ limit: 50, after: 0, subject: `task:${claim?.task.id ?? ''}` })),
    );
  }
  return {
    'claim by an agent': median(claims),
    'list of 50 tasks': median(lists),
    'list of 50 tasks of a role': median(inboxes),
    'events of one task': median(events),
  };
}

/** Fills the tables past the controller, and gives the plans of what reads them. */
async function fill({ databaseUrl }: Mesh): Promise<Readonly<Record<string, string>>> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(
    `insert into tasks (type, source, owner, target, description, request_hash, trace_id, priority)
     select 'request', 'user:bench', 'user:bench', (array['finance', 'legal', 'manager'])[1 + n % 3], 'Open task ' || n,
            'x', md5(n::text), n % 10
     from generate_series(1, $1::int) n`,
    [TASKS],
  );
  await client.query(
    `insert into events (kind, actor, subject, owner, trace_id, data)
     select 'task.routed', 'user:bench', 'task:' || n % 100000, 'user:bench', md5((n % 100000)::text), '{"type": "request"}'
     from generate_series(1, $1::int) n`,
    [EVENTS],
  );
  await client.query('vacuum analyze');
  // The controller follows and seals what was put in behind its back; its claims would wait for that.
  for (;;) {
    const { rows } = await client.query<{ sealed: boolean }>(
      'select (select max(last_seq) from event_seals) = (select max(seq) from events) as sealed',
    );
    if (rows[0]?.sealed === true) break;
    await sleep(500);
  }
  const explain = async (sql: string) => {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off, timing off) ${sql}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  const plans = {
    'the next task of a role': await explain(
      `select id from tasks where target = 'finance' and session_id is null and claimable_at <= now()
       order by priority desc, claimable_at limit 1 for no key update skip locked`,
    ),
    'the newest tasks': await explain('select * from tasks order by created_at desc, id desc limit 51'),
  };
  await client.end();
  return plans;
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { TRANSITION } from '../../src/store/sessions/transition.ts';
import { startBenchController } from '../support/controller.ts';
import { type Mesh, putLoad } from '../support/load.ts';
import { millis, printTable, times } from '../support/table.ts';

const CLIENTS = 50;
const SECONDS = 8;
const EVENTS = ['pause', 'resume'] as const;

/** Moves of sessions over HTTP by people with tokens, beside the very statement in pgbench on the same server. */
export async function benchTransitions(): Promise<void> {
  await using mesh = await startBenchController();
  const sessions = await openSessions(mesh);
  const token = await mesh.as('user:admin').token();
  const http = await putLoad(mesh, {
    clients: CLIENTS,
    seconds: SECONDS,
    steps: (client) =>
      EVENTS.map((event) => ({
        call: { method: 'PUT', path: `/sessions/${sessions[client] ?? ''}/events`, token, body: { event } },
      })),
  });
  const bare = await runPgbench(mesh, sessions);
  printTable(
    `Session transitions by ${CLIENTS} clients`,
    ['', 'transitions/s', 'p99', 'ratio'],
    [
      [
        'HTTP, with authentication (target: over 2,000/s)',
        http.perSecond.toFixed(0),
        millis(http.p99),
        bare === undefined
          ? 'pgbench is not installed'
          : `${times(http.perSecond / bare)} of pgbench (target: 0.5×)`,
      ],
      ...(bare === undefined ? [] : [['pgbench, the same statement prepared', bare.toFixed(0), '', '']]),
    ],
  );
}

async function openSessions(mesh: Mesh): Promise<readonly string[]> {
  const admin = mesh.as('user:admin');
  return Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const { id } = await admin.sessions.create({ role: 'finance' });
      await admin.sessions.send(id, 'activate');
      return id;
    }),
  );
}

/** Transitions a second; undefined where there is no pgbench. The controller beside it follows and seals the log. */
async function runPgbench({ databaseUrl }: Mesh, sessions: readonly string[]): Promise<number | undefined> {
  const there = await execa('pgbench', ['--version'], { reject: false });
  if (there.failed) return undefined;
  await using database = await connect(databaseUrl);
  await database.query('create table bench_sessions (client int primary key, id uuid)');
  await database.query(
    'insert into bench_sessions select n - 1, id from unnest($1::uuid[]) with ordinality s(id, n)',
    [sessions],
  );
  const dir = await mkdtemp(join(tmpdir(), 'gm-pgbench-'));
  const script = join(dir, 'transitions.sql');
  await writeFile(script, EVENTS.map(toPgbench).join(''));
  // As the controller, which tells of events itself.
  const env = { PGOPTIONS: '-c goose_mesh.tells_events=on' };
  const args = [
    '-n',
    '-M',
    'prepared',
    '-c',
    String(CLIENTS),
    '-j',
    '2',
    '-T',
    String(SECONDS),
    '-f',
    script,
  ];
  const { stdout } = await execa('pgbench', [...args, databaseUrl], { env });
  await rm(dir, { recursive: true });
  return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]) * EVENTS.length;
}

/** pgbench has no parameters of its own for a uuid; everything else is what the controller sends. */
function toPgbench(event: string): string {
  const values = [
    '(select id from bench_sessions where client = :client_id)',
    `'${event}'`,
    `'pgbench'`,
    'null::text',
    `'{}'`,
    'true',
    'null::text',
  ];
  const text = values.reduceRight((sql, value, n) => sql.replaceAll(`$${n + 1}`, value), TRANSITION.text);
  return `${text.replaceAll('\n', ' ')};\n`;
}

async function connect(url: string) {
  const client = new pg.Client(url);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

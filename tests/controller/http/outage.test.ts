import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient } from '../../../src/client/client.ts';
import { startController } from '../../../src/controller/start.ts';
import type { RunningPart } from '../../../src/core/part.ts';
import { startDatabase } from '../../../src/database/start.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { openStream } from '../support/stream.ts';

/** A PostgreSQL of this test's own, which it may stop, and a controller that is there before it. */
const log = pino({ level: 'silent' });
let dataDir: string;
let mesh: TestController;
let databasePort: number;
let database: RunningPart;
let starting: Promise<RunningPart>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gm-outage-'));
  databasePort = await freePort();
  const donor = await startTestController();
  const port = await freePort();
  const url = `postgres://mesh:outage-password-1@127.0.0.1:${databasePort}/mesh`;
  const config = {
    ...donor.config,
    database: { ...donor.config.database, url },
    listen: { host: '127.0.0.1', port },
  };
  mesh = { ...donor, config, url: `http://127.0.0.1:${port}`, as: (actor) => connect(actor) };
  starting = startController(config, log);
});

afterAll(async () => {
  await (await starting).close();
  await database.close();
  await mesh[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

const startPostgres = () =>
  startDatabase(
    {
      part: 'database',
      listen: { host: '127.0.0.1', port: databasePort },
      data_dir: dataDir,
      database: 'mesh',
      user: 'mesh',
      password: 'outage-password-1',
    },
    log,
  );

function connect(actor: string) {
  return createClient({ baseUrl: mesh.url, credentials: mesh.credentialsOf(actor), retryForMs: 60_000 });
}

const isReady = async () => (await fetch(`${mesh.url}/health/ready`)).status === 200;

test('a controller that starts without a database lives, waits, and goes on when it comes', async () => {
  await vi.waitUntil(() =>
    fetch(`${mesh.url}/health/live`).then(
      (response) => response.ok,
      () => false,
    ),
  );
  const response = await fetch(`${mesh.url}/health/ready`);
  expect((await problemOf(response, 'database_unavailable')).status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect((await fetch(`${mesh.url}/.well-known/jwks.json`)).status).toBe(200);

  database = await startPostgres();
  await starting;
  expect(await isReady()).toBe(true);
});

test('a database that stops under load is told with 503, and everything goes on when it is back', async () => {
  const alice = connect('user:alice');
  const { id } = await alice.sessions.create({ role: 'finance' });
  const token = await alice.token();
  await using stream = await openStream(mesh, 'user:root');
  const waiting = connect('agent:legal').tasks.claim(randomUUID(), 60_000);

  const statuses = new Set<number>();
  const stop = new AbortController();
  const load = Array.from({ length: 8 }, async () => {
    while (!stop.signal.aborted) {
      const response = await fetch(`${mesh.url}/sessions/${id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      statuses.add(response.status);
      if (response.status === 503) expect(response.headers.get('retry-after')).toBe('1');
      await response.text();
    }
  });
  await vi.waitUntil(() => statuses.has(200));
  await database.close();
  await vi.waitUntil(() => statuses.has(503));
  expect(await isReady()).toBe(false);
  expect((await fetch(`${mesh.url}/health/live`)).status).toBe(200);

  database = await startPostgres();
  await vi.waitUntil(isReady, { timeout: 20_000 });
  stop.abort();
  await Promise.all(load);
  expect(statuses).toEqual(new Set([200, 503]));

  // The bell and the log are heard again: nobody has to ask anew.
  const task = await alice.tasks.route(
    { target: 'legal', description: 'Are we back?' },
    { idempotencyKey: 'back' },
  );
  expect((await waiting)?.task.id).toBe(task.id);
  const routed = await stream.takeUntil(({ kind }) => kind === 'task.routed');
  expect(routed.at(-1)?.subject).toBe(`task:${task.id}`);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

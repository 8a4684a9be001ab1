import { readFile } from 'node:fs/promises';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Parts, startParts } from './support/parts.ts';

/** One controller as a process of its own, and far more readers of its events than a mesh has. */
const READERS = 1000;
const SLOW = 20;
const FLOOD = 60_000;
/** What the container of a controller may have (src/mesh/make-plan.ts). */
const MEMORY_LIMIT_MB = 512;

let parts: Parts;
let token: string;
beforeAll(async () => {
  parts = await startParts({ only: ['database', 'controller'] });
  token = await parts.as('user:admin').token();
});
afterAll(() => parts[Symbol.asyncDispose]());

test('a thousand readers get each what is theirs, in bounded memory, and who is too slow resumes without loss', async () => {
  const before = await lastSeq();
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_, n) => openReader(`subject=task:${n}`)),
  );
  const slow = await Promise.all(Array.from({ length: SLOW }, () => openReader('')));
  for (const reader of slow) reader.response.pause();

  // To each reader three events of its own, among tens of thousands that only the slow ones have asked for.
  for (let round = 0; round < 3; round += 1) {
    await write(`select 'task.routed', 'task:' || n from generate_series(0, ${READERS - 1}) n`);
    await write(`select 'task.claimed', 'flood:${round}' from generate_series(1, ${FLOOD / 3}) n`);
  }
  await vi.waitFor(
    () => {
      expect(readers.filter(({ seqs }) => seqs().length < 3)).toEqual([]);
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(new Set(readers.map(({ seqs }) => seqs().length))).toEqual(new Set([3]));
  expect(await memoryOf(parts.pidOf('controller'))).toBeLessThan(MEMORY_LIMIT_MB);

  const all = await listSeqs(before);
  for (const reader of slow) reader.response.resume();
  await Promise.all(slow.map(({ ended }) => ended));
  expect(slow.filter(({ dropped }) => dropped() === undefined)).toEqual([]);
  const [one] = slow;
  if (one === undefined) throw new Error('there is no slow reader');
  const told = one.dropped() ?? '';
  expect(told).toContain('more than 10000 events were waiting for the reader');
  const last = one.seqs().at(-1) ?? 0;
  expect(told).toContain(`"resume_after":${last}`);

  await using again = await openReader('', last);
  await vi.waitFor(
    () => {
      expect(one.seqs().length + again.seqs().length).toBe(all.length);
    },
    { timeout: 60_000, interval: 200 },
  );
  expect([...one.seqs(), ...again.seqs()]).toEqual(all);
  for (const reader of [...readers, ...slow]) await reader[Symbol.asyncDispose]();
});

test('who takes nothing at all is cut off', async () => {
  const before = await countConnections();
  const reader = await openReader('');
  reader.response.pause();
  expect(await countConnections()).toBe(before + 1);
  await write(`select 'task.claimed', 'flood:4' from generate_series(1, ${FLOOD}) n`);
  await vi.waitUntil(async () => (await countConnections()) === before, { timeout: 30_000, interval: 200 });
  await reader[Symbol.asyncDispose]();
});

/** Connections that the controller has accepted and not ended (proc_net(5): state 01 is established). */
async function countConnections(): Promise<number> {
  const port = Number(new URL(parts.url).port).toString(16).toUpperCase().padStart(4, '0');
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  return lines.filter(([, local, , state]) => local?.endsWith(`:${port}`) === true && state === '01').length;
}

/** A stream, of which only the numbers of its events are kept. */
async function openReader(query: string, after?: number) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(after === undefined ? {} : { 'last-event-id': String(after) }),
  };
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(`${parts.url}/events?${query}`, { headers, agent: false }, resolve).on('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode ?? '?'}`);
  const seqs: number[] = [];
  let dropped: string | undefined;
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      if (message.startsWith('event: dropped')) dropped = message;
      else if (message.startsWith('id: ')) seqs.push(Number(/^id: (\d+)/.exec(message)?.[1]));
    }
  });
  const ended = new Promise<void>((resolve) => {
    response.on('close', resolve).on('error', () => undefined);
  });
  return {
    response,
    ended,
    seqs: () => seqs,
    dropped: () => dropped,
    [Symbol.asyncDispose]: () => {
      request?.destroy();
      return ended;
    },
  };
}

const write = (rows: string) =>
  parts.sql(
    `insert into events (kind, subject, actor) select r.kind, r.subject, 'test' from (${rows}) as r(kind, subject)`,
  );

async function lastSeq(): Promise<number> {
  const [row] = await parts.sql<{ seq: string }>('select coalesce(max(seq), 0) as seq from events');
  return Number(row?.seq);
}

async function listSeqs(after: number): Promise<readonly number[]> {
  const rows = await parts.sql<{ seq: string }>(`select seq from events where seq > ${after} order by seq`);
  return rows.map(({ seq }) => Number(seq));
}

/** Resident memory of a process in MB (proc(5)). */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

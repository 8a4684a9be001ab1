import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startController } from '../../../src/controller/start.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { openStream } from '../support/stream.ts';

/** Two controllers on one database; readers come back to either. */
let mesh: TestController;
let twin: { readonly url: string; close(): Promise<void> };
beforeAll(async () => {
  mesh = await startTestController();
  const started = await startController({ ...mesh.config }, pino({ level: 'silent' }));
  twin = { url: `http://127.0.0.1:${started.port ?? 0}`, close: () => started.close() };
});
afterAll(async () => {
  await twin.close();
  await mesh[Symbol.asyncDispose]();
});

const INSERT = `insert into events (kind, actor, subject, owner) values ('task.routed', 'test', 'task:1', 'user:alice')`;

/** Writes while others read: alone, several in one transaction, or in vain. */
async function write(steps: readonly ('one' | 'many' | 'none')[]): Promise<void> {
  for (const step of steps) {
    if (step === 'one') await mesh.sql(INSERT);
    else
      await mesh.sql(
        `begin; ${INSERT}; ${INSERT}; select pg_sleep(0.003); ${step === 'many' ? 'commit' : 'rollback'}`,
      );
  }
}

/** Reads from `after` to `last`, hanging up after each of `sizes` events and going on at the other controller. */
async function read(
  after: number,
  last: Promise<number>,
  sizes: readonly number[],
): Promise<readonly number[]> {
  const seen: number[] = [];
  let position = after;
  for (let round = 0; ; round += 1) {
    const at = { ...mesh, url: round % 2 === 0 ? mesh.url : twin.url };
    await using stream = await openStream(at, 'user:root', { after: position });
    for (let count = 0; count < (sizes[round] ?? Number.POSITIVE_INFINITY); count += 1) {
      const { seq } = await stream.next();
      seen.push(seq);
      position = seq;
      if (seq >= (await Promise.race([last, Promise.resolve(Number.POSITIVE_INFINITY)]))) return seen;
    }
  }
}

test('whoever comes back by Last-Event-ID has seen every event once, in order, wherever it comes back', async () => {
  const steps = fc.array(fc.constantFrom('one', 'many', 'none'), { minLength: 1, maxLength: 8 });
  const runs = fc.record({
    writers: fc.array(steps, { minLength: 1, maxLength: 4 }),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(runs, async ({ writers, sizes }) => {
      const after = await lastSeq();
      const end = Promise.withResolvers<number>();
      const reading = read(after, end.promise, sizes);
      await Promise.all(writers.map(write));
      await mesh.sql(INSERT);
      end.resolve(await lastSeq());
      // Wakes a reader that had seen the last event before it was known to be the last.
      await mesh.sql(INSERT);
      const seen = await reading;
      const logged = await mesh.sql<{ seq: string }>('select seq from events where seq > $1 order by seq', [
        after,
      ]);
      expect(seen).toEqual(logged.map(({ seq }) => Number(seq)).slice(0, seen.length));
      expect(seen.at(-1)).toBeGreaterThanOrEqual(await end.promise);
    }),
    { numRuns: 40 },
  );
});

async function lastSeq(): Promise<number> {
  const [row] = await mesh.sql<{ seq: string }>('select coalesce(max(seq), 0) as seq from events');
  return Number(row?.seq);
}

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSealedLog, type SealedLog } from '../support/sealed-log.ts';

let log: SealedLog;
beforeEach(async () => {
  log = await openSealedLog();
});
afterEach(() => log[Symbol.asyncDispose]());

/** Ten events in three seals, with the number 5 rolled back. */
async function writeTen(): Promise<void> {
  await log.write(4);
  await log.seal();
  await log.sql(`select nextval(pg_get_serial_sequence('events', 'seq'))`);
  await log.write(3);
  await log.seal();
  await log.write(3);
  await log.seal();
}

test('an empty log verifies', async () => {
  expect(await log.verify()).toMatchObject({ ok: true, seals: 0, events: 0, unsealed: 0, last_seal: null });
});

test('whatever the events are and however they are batched, the log verifies', async () => {
  const text = fc.string({ unit: 'grapheme' });
  const data = fc.dictionary(text, fc.jsonValue({ stringUnit: 'grapheme' }));
  const batches = fc.array(fc.array(data, { maxLength: 20 }), { maxLength: 6 });
  let written = 0;
  await fc.assert(
    fc.asyncProperty(batches, async (drawn) => {
      for (const batch of drawn) {
        written += batch.length;
        await log.sql(
          `insert into events (kind, actor, subject, data, dedupe_key)
           select 'guard.called', 'guard:legal', 'agent:legal', value, gen_random_uuid() from jsonb_array_elements($1)`,
          [JSON.stringify(batch)],
        );
        await log.seal();
      }
      expect(await log.verify()).toMatchObject({ ok: true, events: written, unsealed: 0 });
    }),
    { numRuns: 25 },
  );
});

test('a batch has at most a thousand events', async () => {
  await log.write(2500);
  await log.seal();
  expect(await log.verify()).toMatchObject({ ok: true, seals: 3, events: 2500 });
});

test('events after the last seal are counted', async () => {
  await writeTen();
  await log.write(12);
  expect(await log.verify()).toMatchObject({ ok: true, seals: 3, events: 10, unsealed: 12 });
});

test.each(['event_seals', 'events'])('%s cannot be changed by hand', async (table) => {
  await writeTen();
  for (const statement of [`delete from ${table}`, `truncate ${table}`]) {
    await expect(log.sql(statement)).rejects.toThrow(/append-only/);
  }
});

describe('an event is found and named when', () => {
  test.each([
    `data = data || '{"amount": 1000000}'`,
    `data = '{}'`,
    `kind = 'task.failed'`,
    `actor = 'user:bob'`,
    `subject = 'task:0'`,
    `owner = 'user:bob'`,
    `trace_id = 'other'`,
    `at = at + interval '1 microsecond'`,
    `dedupe_key = 'other'`,
  ])('it was changed: %s', async (change) => {
    await writeTen();
    await log.tamper(`update events set ${change} where seq = 7`);
    expect(await log.verify()).toMatchObject({
      ok: false,
      finding: { fault: 'event_changed', seq: 7, seal: 2 },
    });
  });

  test.each([1, 4, 6, 10, 11])('event %i is missing', async (seq) => {
    await writeTen();
    await log.tamper(`delete from events where seq = ${seq}`);
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'event_missing', seq } });
  });

  test.each([-1, 0, 5])('event %i was put in', async (seq) => {
    await writeTen();
    await log.tamper(
      `insert into events (seq, kind, actor, subject) overriding system value
       values (${seq}, 'approval.forged', 'user:mallory', 'approval:1')`,
    );
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'event_inserted', seq } });
  });

  test('whichever it is', async () => {
    await log.write(60);
    await log.seal();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.uuid(), async (seq, text) => {
        await log.tamper(`update events set owner = '${text}' where seq = ${seq}`);
        expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'event_changed', seq } });
        await log.tamper(`update events set owner = null where seq = ${seq}`);
        expect(await log.verify()).toMatchObject({ ok: true });
      }),
      { numRuns: 20 },
    );
  });
});

describe('a seal is found and named when', () => {
  test.each([
    [`digests = decode(repeat('00', 96), 'hex')`, 2],
    [`sealed_at = sealed_at - interval '1 day'`, 2],
    [`first_seq = 6`, 2],
    [`seqs = '{6,7,9}', last_seq = 9`, 2],
    [`hash = repeat('a', 64)`, 2],
  ])('it was changed: %s', async (change, seal) => {
    await writeTen();
    await log.tamper(`update event_seals set ${change} where number = 2`);
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'seal_changed', seal } });
  });

  test.each([1, 2])('seal %i is missing', async (seal) => {
    await writeTen();
    await log.tamper(`delete from event_seals where number = ${seal}`);
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'seal_missing', seal } });
  });
});

describe('a chain that was written anew is found', () => {
  /** Everything is consistent afterwards. */
  async function rewrite(): Promise<void> {
    await log.tamper(`update events set actor = 'user:bob' where seq = 2`, 'delete from event_seals');
    await log.seal();
    expect(await log.verify()).toMatchObject({ ok: true });
  }

  test('by the hash of a seal that it must have', async () => {
    await writeTen();
    const { last_seal } = await log.verify();
    await log.write(5);
    await log.seal();
    expect(await log.verify({ expect: last_seal?.hash })).toMatchObject({ ok: true, seals: 4 });
    await rewrite();
    expect(await log.verify({ expect: last_seal?.hash })).toMatchObject({
      ok: false,
      finding: { fault: 'pin_missing' },
    });
  });

  test('by a seal from which it is verified', async () => {
    await writeTen();
    const from = (await log.verify()).last_seal ?? undefined;
    await log.write(5);
    await log.seal();
    expect(await log.verify({ from })).toMatchObject({ ok: true, seals: 2, events: 8 });
    await rewrite();
    expect(await log.verify({ from })).toMatchObject({ ok: false, finding: { fault: 'pin_missing' } });
  });

  test('also when its end was cut off', async () => {
    await writeTen();
    const from = (await log.verify()).last_seal ?? undefined;
    await log.tamper('delete from event_seals where number = 3', 'delete from events where seq > 8');
    expect(await log.verify()).toMatchObject({ ok: true, seals: 2 });
    for (const pins of [{ from }, { expect: from?.hash }]) {
      expect(await log.verify(pins)).toMatchObject({ ok: false, finding: { fault: 'pin_missing' } });
    }
  });
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AuditEvent, digestOf, hashOf, NO_SEAL, SEAL_LIMIT } from '../../core/seal.ts';
import { readAuditEvents } from '../../store/audit-events.ts';
import type { Database } from '../../store/database.ts';
import { insertSeal, lockSealer, readLastSeal } from '../../store/seals.ts';
import type { EventTail } from '../stream/tail.ts';

/** Hashing these takes about a millisecond, in which the controller answers nobody. */
const DIGESTS_A_TURN = 100;

interface SealDeps {
  readonly db: Database;
  readonly tail: Pick<EventTail, 'position'>;
}

/**
 * Seals the next events, as far as the tail knows that the log is complete: a range is closed only when no event can
 * appear in it any more. Any number of controllers may try; one at a time seals, and goes on where the last one ended.
 *
 * @returns what is left: nothing, more of the same, or whatever another controller leaves, who is sealing now
 */
export async function sealEvents({ db, tail }: SealDeps): Promise<'nothing' | 'more' | 'busy'> {
  const upTo = tail.position;
  return db.transaction(async (tx) => {
    const sealed_at = await lockSealer(tx);
    if (sealed_at === undefined) return 'busy';
    const last = (await readLastSeal(tx)) ?? NO_SEAL;
    const events = await readAuditEvents(tx, { after: last.last_seq, upTo, limit: SEAL_LIMIT });
    const end = events.at(-1);
    if (end === undefined) return 'nothing';
    const seal = {
      number: last.number + 1,
      first_seq: last.last_seq + 1,
      last_seq: end.seq,
      count: events.length,
      seqs: events.map(({ seq }) => seq),
      digests: (await digestAll(events)).toString('base64'),
      previous: last.hash,
      sealed_at,
    };
    await insertSeal(tx, { ...seal, hash: hashOf(seal) });
    return events.length === SEAL_LIMIT ? 'more' : 'nothing';
  });
}

async function digestAll(events: readonly AuditEvent[]): Promise<Buffer> {
  const digests: Buffer[] = [];
  for (const event of events) {
    if (digests.length % DIGESTS_A_TURN === DIGESTS_A_TURN - 1) await nextTurn();
    digests.push(digestOf(event));
  }
  return Buffer.concat(digests);
}

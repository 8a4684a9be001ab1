import type { EventSeal, SealPin } from '../core/seal.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

const LOCK = {
  name: 'lock_sealer',
  text: `select pg_try_advisory_xact_lock(hashtextextended('goose-mesh sealer', 0)) as locked, now() as at`,
};

/**
 * Makes this transaction the one sealer of the database, and tells its time; undefined while another one seals. Must
 * come first: what the transaction reads afterwards is what the sealer before it has left.
 */
export async function lockSealer(tx: Queryable): Promise<string | undefined> {
  const { locked, at } = onlyRow(await tx.query<{ locked: boolean; at: string }>(LOCK));
  return locked ? at : undefined;
}

const LAST = {
  name: 'read_last_seal',
  text: 'select number, last_seq, hash from event_seals order by number desc limit 1',
};

export async function readLastSeal(db: Queryable): Promise<SealPin | undefined> {
  const [seal] = await db.query<SealPin>(LAST);
  return seal;
}

const INSERT = {
  name: 'insert_seal',
  text: `
    insert into event_seals
      (number, first_seq, last_seq, count, seqs, digests, previous, hash, sealed_at)
    values ($1, $2, $3, $4, $5, decode($6, 'base64'), $7, $8, $9)`,
};

export async function insertSeal(tx: Queryable, seal: EventSeal): Promise<void> {
  const { number, first_seq, last_seq, count, seqs, digests, previous, hash, sealed_at } = seal;
  await tx.query(INSERT, [number, first_seq, last_seq, count, seqs, digests, previous, hash, sealed_at]);
}

const LIST = {
  name: 'list_seals',
  text: `
    select number, first_seq, last_seq, count, to_jsonb(seqs) as seqs,
           translate(encode(digests, 'base64'), E'\\n', '') as digests, previous, hash, sealed_at
    from event_seals where number > $1 order by number limit $2`,
};

/** Seals in their order. */
export function listSeals(
  db: Queryable,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly EventSeal[]> {
  return db.query<EventSeal>(LIST, [after, limit]);
}

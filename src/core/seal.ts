import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MeshEvent } from './event.ts';
import { canonicalJson, Timestamp } from './json.ts';

/** An event with all that its row holds. Any kind: one that we do not know is no less a line of the log. */
export const AuditEvent = MeshEvent.extend({
  kind: z.string(),
  dedupe_key: z.string().nullable().describe('Makes a repeated report harmless'),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal digits');

/** A range of the log, closed for good and bound to the range before it. */
export const EventSeal = z.object({
  number: z.int().describe('1, 2, 3, ...'),
  first_seq: z.int().describe('Where the range begins: after the end of the seal before'),
  last_seq: z.int().describe('The last event of the range'),
  count: z.int().describe('How many events the range has'),
  seqs: z.array(z.int()).describe('These events; what is missing between them was rolled back'),
  digests: z.base64().describe('SHA-256 of the canonical JSON of each of them, 32 bytes each'),
  previous: Hash.describe('Hash of the seal before; zeros in the first'),
  hash: Hash.describe('SHA-256 of the canonical JSON of all other members of this seal'),
  sealed_at: Timestamp,
});
export type EventSeal = z.infer<typeof EventSeal>;

/** What of a seal is worth keeping outside of the mesh: whoever has it notices a chain that was written anew. */
export const SealPin = EventSeal.pick({ number: true, last_seq: true, hash: true });
export type SealPin = z.infer<typeof SealPin>;

/** Before the first seal. */
export const NO_SEAL: SealPin = { number: 0, last_seq: 0, hash: '0'.repeat(64) };

/** How many events one seal covers at most. */
export const SEAL_LIMIT = 1000;

const DIGEST_BYTES = 32;

/** The digest of one event, as its seal lists it. Numbers in its data are taken as JavaScript reads them. */
export function digestOf(event: AuditEvent): Buffer {
  return createHash('sha256').update(canonicalJson(event)).digest();
}

export function hashOf(seal: Omit<EventSeal, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(seal)).digest('hex');
}

/** The digests that a seal lists, in the order of its `seqs`. */
export function listDigests({ digests }: Pick<EventSeal, 'digests'>): readonly Buffer[] {
  const bytes = Buffer.from(digests, 'base64');
  return Array.from({ length: Math.ceil(bytes.length / DIGEST_BYTES) }, (_, index) =>
    bytes.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES),
  );
}

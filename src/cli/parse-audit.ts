import { z } from 'zod';
import { MeshError } from '../core/errors.ts';
import { Timestamp } from '../core/json.ts';

/** A day in UTC, or a time with its zone, for it means another moment elsewhere. */
export function parseTime(text: string): string {
  const time = z.union([Timestamp, z.iso.date().transform((date) => `${date}T00:00:00Z`)]).safeParse(text);
  if (time.success) return time.data;
  throw new MeshError('usage', `Expected a day or a time with its zone, found ${JSON.stringify(text)}.`, {
    hint: 'Write 2026-11-22, 2026-11-22T09:30:00Z or 2026-11-22T09:30:00+01:00.',
  });
}

export function parseHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new MeshError(
    'usage',
    `Expected the hash of a seal, 64 hexadecimal digits, found ${JSON.stringify(text)}.`,
  );
}

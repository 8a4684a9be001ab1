import { createHash } from 'node:crypto';

/** Short name of a value, the same for equal values: what the tags of images and the specs of services end in. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

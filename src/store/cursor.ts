import { z } from 'zod';
import { MeshError } from '../core/errors.ts';
import { Timestamp } from '../core/json.ts';
import type { Page } from '../core/page.ts';

/** Rows listed by their time; the id breaks ties between equal times. */
interface Listed {
  readonly id: string;
  readonly created_at: string;
}

const Cursor = z.object({ created_at: Timestamp.regex(/^(19|20)/), id: z.uuid() });
type Cursor = z.infer<typeof Cursor>;

/** Reads the opaque cursor of a page: base64url of `<created_at> <id>`. */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  return decode(text, (decoded) => {
    const [created_at, id] = decoded.split(' ');
    return Cursor.safeParse({ created_at, id });
  });
}

/** Reads the cursor of a page of rows that are listed by one key. */
export function decodeKey<Key extends z.ZodType>(
  text: string | undefined,
  key: Key,
): z.infer<Key> | undefined {
  return decode(text, (decoded) => key.safeParse(decoded));
}

function decode<T>(
  text: string | undefined,
  parse: (decoded: string) => z.ZodSafeParseResult<T>,
): T | undefined {
  if (text === undefined) return undefined;
  const cursor = parse(Buffer.from(text, 'base64url').toString('utf8'));
  if (cursor.success) return cursor.data;
  throw new MeshError('invalid_request', 'The cursor is not one that a list gave.', {
    hint: 'Pass `next` of the page before, unchanged, or leave the cursor out.',
  });
}

/** Makes a page of `limit + 1` rows: the extra row only tells that there is a next page. */
export function toPage<Row extends Listed>(rows: readonly Row[], limit: number): Page<Row> {
  return toPageBy(rows, limit, ({ created_at, id }) => `${created_at} ${id}`);
}

/** The same for rows that are listed by one key. */
export function toPageBy<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string | number,
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last !== undefined ? String(keyOf(last)) : null;
  return { items, next: next === null ? null : Buffer.from(next).toString('base64url') };
}

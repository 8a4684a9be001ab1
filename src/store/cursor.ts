import { MeshError } from '../core/errors.ts';
import type { Page } from '../core/page.ts';

/** Rows listed from newest to oldest; the id breaks ties between equal times. */
interface Listed {
  readonly id: string;
  readonly created_at: string;
}

export interface Cursor {
  readonly created_at: string;
  readonly id: string;
}

/** Reads the opaque cursor of a page: base64url of `<created_at> <id>`. */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const [created_at, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  if (
    created_at === undefined ||
    id === undefined ||
    !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(created_at) ||
    !/^[0-9a-f-]{36}$/.test(id)
  ) {
    throw new MeshError('invalid_request', 'The cursor is not one that a list gave.', {
      hint: 'Pass `next` of the page before, unchanged, or leave the cursor out.',
    });
  }
  return { created_at, id };
}

/** Makes a page of `limit + 1` rows: the extra row only tells that there is a next page. */
export function toPage<Row extends Listed>(rows: readonly Row[], limit: number): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last !== undefined ? `${last.created_at} ${last.id}` : null;
  return { items, next: next === null ? null : Buffer.from(next).toString('base64url') };
}

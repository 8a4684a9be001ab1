import { MeshError } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';

/** Deeper values are refused: a walk must end before the stack does. */
const MAX_DEPTH = 200;

/** Gets a text and the name of the nearest field above it. */
export type Rewrite = (text: string, field: string | undefined) => string;

/**
 * A JSON value with its strings and keys rewritten. A number whose decimal text is changed by `rewrite`, such as a
 * card number, becomes the rewritten text. Throws MeshError `unprocessable` for a value nested too deep.
 */
export function rewriteJson(value: unknown, rewrite: Rewrite, field?: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) {
    throw new MeshError('unprocessable', `JSON may be nested ${MAX_DEPTH} levels deep, and this is deeper.`);
  }
  if (typeof value === 'string') return rewrite(value, field);
  if (typeof value === 'number') return rewriteNumber(value, rewrite, field);
  if (Array.isArray(value)) return value.map((item) => rewriteJson(item, rewrite, field, depth + 1));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [rewrite(key, undefined), rewriteJson(item, rewrite, key, depth + 1)]),
  );
}

function rewriteNumber(value: number, rewrite: Rewrite, field: string | undefined): number | string {
  const text = String(value);
  const rewritten = rewrite(text, field);
  return rewritten === text ? value : rewritten;
}

import { MeshError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { type Restoration, restoreText } from './restorer.ts';

/** Words of the protocol and opaque values: what looks like personal data there is none. */
const OPAQUE = new Set(['object', 'type', 'role', 'name', 'format', 'status', 'model', 'signature', 'data']);
const ID = /^id$|_id$|_content$|_reason$|_fingerprint$/;

/** Deeper answers are refused: a walk must end before the stack does. */
const MAX_DEPTH = 200;

/**
 * Every text of an answer restored, keys included. `arguments` is JSON; what stands beside the name of a tool, in
 * `arguments` or `input`, is for that tool, and for the tool `called` where its name came earlier.
 */
export function restoreJson<Value>(restoration: Restoration, value: Value, called?: string): Value;
export function restoreJson(restoration: Restoration, value: unknown, called?: string): unknown {
  const exactly: Restoration = { ...restoration, output: 'allow' };
  return restoreAt(value, 0, '', undefined);

  function restoreAt(item: unknown, depth: number, field: string, tool: string | undefined): unknown {
    if (depth > MAX_DEPTH) {
      throw new MeshError(
        'unprocessable',
        `JSON may be nested ${MAX_DEPTH} levels deep, and this is deeper.`,
      );
    }
    if (typeof item === 'string') {
      const isOpaque = tool === undefined && (OPAQUE.has(field) || ID.test(field));
      const encoding = field === 'arguments' ? 'json' : 'text';
      return restoreText(isOpaque ? exactly : restoration, encoding, item, tool);
    }
    if (Array.isArray(item)) return item.map((one: unknown) => restoreAt(one, depth + 1, field, tool));
    if (!isJsonObject(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, one]) => [
        restoreText(restoration, 'text', key, tool),
        restoreAt(one, depth + 1, key, tool ?? toolTold(item['name'] ?? called, key)),
      ]),
    );
  }
}

/** The tool that gets what stands in a field, by the name beside it; undefined where the field belongs to no call. */
export function toolTold(name: unknown, field: string): string | undefined {
  if (field !== 'arguments' && field !== 'input') return undefined;
  return typeof name === 'string' ? name : '';
}

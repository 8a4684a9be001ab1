import { z } from 'zod';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = Record<string, Json>;

/** Not z.json(): that refers to itself, which the generator of the OpenAPI description follows for ever. */
export const JsonObject = z
  .custom<JsonObject>((value) => isJsonObject(value) && isJson(value), 'expected a JSON object')
  .meta({ type: 'object' });

/** RFC 3339 in UTC, as PostgreSQL's timestamptz is written to JSON. */
export const Timestamp = z.iso.datetime({ offset: true });

/** True for a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (isJsonObject(value)) return Object.values(value).every(isJson);
  return typeof value === 'number' ? Number.isFinite(value) : value === null || JSON_LEAVES.has(typeof value);
}

const JSON_LEAVES = new Set(['string', 'boolean']);

/** JSON with sorted keys, so that equal values have equal texts. A subset of RFC 8785 without its number rules. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isJsonObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

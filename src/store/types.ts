import pg from 'pg';

const { builtins } = pg.types;

/**
 * How column values arrive: rows have the shape of the API's JSON, so that no row is converted by hand.
 * bigint and numeric become numbers (sequence numbers and money stay far below 2^53), timestamps RFC 3339 in UTC
 * with PostgreSQL's microseconds.
 */
const PARSERS = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, toRfc3339],
]);

export const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    PARSERS.get(oid) ?? getDefaultParser(oid, format ?? 'text'),
};

/** Of the types' own signature only the kind of parser that it gives back is missing. */
const getDefaultParser: (oid: number, format: 'text' | 'binary') => (text: string) => unknown =
  pg.types.getTypeParser;

/** '2026-11-22 09:46:04.12+00', as connections with timezone=UTC write it, to '2026-11-22T09:46:04.12Z'. */
function toRfc3339(text: string): string {
  return text.replace(' ', 'T').replace(/\+00(:00)?$/, 'Z');
}

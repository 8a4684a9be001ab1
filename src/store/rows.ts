import { MeshError } from '../core/errors.ts';

/** The only row of a result that always has one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    throw new MeshError('internal', `The database gave ${rows.length} rows where exactly 1 was expected.`);
  }
  return row;
}

/**
 * SQL: a condition that follows from a join by id, said once more so that PostgreSQL finds the few rows by the index: it
 * takes a set of JSON objects for a hundred rows, and would read a whole table that was small when it made the plan.
 */
export const among = (id: string, table: string) => `${id} = any(array(select id from ${table}))`;

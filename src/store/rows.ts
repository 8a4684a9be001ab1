import { MeshError } from '../core/errors.ts';

/** The only row of a result that always has one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    throw new MeshError('internal', `The database gave ${rows.length} rows where exactly 1 was expected.`);
  }
  return row;
}

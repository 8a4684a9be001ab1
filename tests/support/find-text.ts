import type { QueryResultRow } from 'pg';

interface Base {
  sql<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Every `table.column` of a database in which a text stands anywhere, whatever the tables are. */
export async function findText(base: Base, text: string): Promise<readonly string[]> {
  const tables = await base.sql<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const columns = await base.sql<{ key: string }>(
      `select distinct key from ${name} t, jsonb_each_text(to_jsonb(t)) where strpos(value, $1) > 0 order by key`,
      [text],
    );
    found.push(...columns.map(({ key }) => `${name}.${key}`));
  }
  return found;
}

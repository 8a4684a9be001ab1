import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { codeOf, MeshError } from '../../core/errors.ts';
import type { DirectoryFile } from '../../core/knowledge.ts';
import type { DirectoryEntry } from './directory.ts';

/** More rows than this are a mistake, or need more memory than a guard has. */
const ROWS_MAX = 250_000;

/**
 * The entries of a CSV file. Its first line must name the columns; an empty cell is no entry.
 *
 * @throws MeshError configuration, which tells the file and line, but nothing of what stands there
 */
export async function* readCsv({ file, separator, columns }: DirectoryFile): AsyncGenerator<DirectoryEntry> {
  let header: readonly string[] | undefined;
  let sources: readonly Source[] = [];
  let rows = 0;
  const parser = parse({
    delimiter: separator,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const input = createReadStream(file);
  input.on('error', (error) => parser.destroy(error));
  try {
    for await (const cells of input.pipe(parser) as AsyncIterable<readonly string[]>) {
      if (header === undefined) {
        header = cells;
        sources = findSources(file, columns, header);
        continue;
      }
      rows += 1;
      if (rows > ROWS_MAX) {
        throw new MeshError(
          'configuration',
          `${file}: a list may have ${ROWS_MAX} rows, and this one has more.`,
        );
      }
      for (const { kind, cells: indexes } of sources) {
        const value = indexes
          .map((index) => cells[index] ?? '')
          .join(' ')
          .trim();
        if (value !== '') yield { kind, value };
      }
    }
  } catch (error) {
    throw explain(file, error);
  } finally {
    input.destroy();
  }
  if (header === undefined)
    throw new MeshError('configuration', `${file}: a first line with names of columns was expected.`);
}

interface Source {
  readonly kind: DirectoryEntry['kind'];
  readonly cells: readonly number[];
}

function findSources(
  file: string,
  columns: DirectoryFile['columns'],
  header: readonly string[],
): readonly Source[] {
  const names = header.map((name) => name.toLowerCase());
  return Object.entries(columns).flatMap(([kind, wanted]) =>
    wanted.map((column) => {
      const cells = [column].flat().map((name) => {
        const index = names.indexOf(name.trim().toLowerCase());
        if (index >= 0) return index;
        // Not which columns there are: without such a line the first one holds somebody's data.
        throw new MeshError(
          'configuration',
          `${file}:1: a column ${JSON.stringify(name)} was expected, and there is none.`,
          {
            hint: 'The first line must name the columns; `separator` says what parts them.',
          },
        );
      });
      return { kind: kind as DirectoryEntry['kind'], cells };
    }),
  );
}

/** The parser's messages quote the row. */
function explain(file: string, error: unknown): unknown {
  if (error instanceof MeshError) return error;
  const code = codeOf(error);
  const line: unknown = error instanceof Error ? Reflect.get(error, 'lines') : undefined;
  const where = typeof line === 'number' ? `${file}:${line}` : file;
  return new MeshError(
    'configuration',
    `${where}: cannot be read as CSV (${typeof code === 'string' ? code : 'unknown reason'}).`,
  );
}

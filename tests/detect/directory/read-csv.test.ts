import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DirectoryFile } from '../../../src/core/knowledge.ts';
import type { DirectoryEntry } from '../../../src/detect/directory/directory.ts';
import { readCsv } from '../../../src/detect/directory/read-csv.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gm-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string, options: object) {
  const file = join(folder, 'list.csv');
  await writeFile(file, content);
  return collect(DirectoryFile.parse({ file, ...options }));
}

async function collect(list: DirectoryFile) {
  const entries: DirectoryEntry[] = [];
  for await (const entry of readCsv(list)) entries.push(entry);
  return entries;
}

test('gives the values of the named columns, also of several together', async () => {
  const content = '\ufeffId;First name;Last name;E-Mail\n1;Zofia;"Brandt; von";z@acme.example\n\n2;Otto;;\n';
  const columns = { PERSON: [['first name', 'Last Name']], EMAIL: ['e-mail'] };
  expect(await read(content, { separator: ';', columns })).toEqual([
    { kind: 'PERSON', value: 'Zofia Brandt; von' },
    { kind: 'EMAIL', value: 'z@acme.example' },
    { kind: 'PERSON', value: 'Otto' },
  ]);
});

test.each([
  ['Zofia Brandt,z@acme.example\n', /list\.csv:1: a column "name" was expected/],
  ['', /a first line with names of columns was expected/],
  ['name\n"Zofia\n', /cannot be read as CSV \(CSV_/],
])('tells what is wrong with %j, but nothing of what stands there', async (content, message) => {
  const reading = read(content, { columns: { PERSON: ['name'] } });
  await expect(reading).rejects.toThrow(message);
  await expect(reading).rejects.not.toThrow(/Zofia/);
});

test('a file that is not there is named', async () => {
  const list = DirectoryFile.parse({ file: join(folder, 'none.csv'), columns: { PERSON: ['name'] } });
  await expect(collect(list)).rejects.toThrow(/none\.csv: cannot be read as CSV \(ENOENT\)/);
});

import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GuardKnowledge } from '../../src/core/knowledge.ts';
import { ask, runGuard } from './support/guard.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gm-lists-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sent = (guard: Awaited<ReturnType<typeof runGuard>>) => JSON.stringify(guard.provider.received.at(-1));

test('what the mesh knows is masked in calls, and a list that changes holds without a restart', async () => {
  const file = join(folder, 'customers.csv');
  await writeFile(file, 'name\nZofia Brandt\n');
  const knowledge = GuardKnowledge.parse({
    deny: ['Project Bluebird'],
    entries: [{ kind: 'PERSON', value: 'Otto Quintal' }],
    directory: [{ file, columns: { PERSON: ['name'] } }],
  });
  await using guard = await runGuard({ knowledge });

  await guard.chat(ask('Z. Brandt and Otto Quintal on Project Bluebird; Ida Lind is unknown'));
  expect(sent(guard)).toMatch(/\[PERSON_\w+\] and \[PERSON_\w+\] on \[SECRET_\w+\]; Ida Lind is unknown/);

  // As editors do it: another file takes the name.
  await writeFile(`${file}.new`, 'name\nIda Lind\n');
  await rename(`${file}.new`, file);
  await vi.waitFor(
    async () => {
      await guard.chat(ask('Zofia Brandt or Ida Lind'));
      expect(sent(guard)).toMatch(/Zofia Brandt or \[PERSON_\w+\]/);
    },
    { timeout: 15_000, interval: 300 },
  );
  expect(guard.log.join('')).not.toMatch(/Brandt|Lind|Quintal|Bluebird/);

  // A list that became unusable changes nothing.
  await writeFile(file, 'Ida Lind\n');
  await vi.waitFor(
    () => {
      expect(guard.log.join('')).toContain('the old one stays in force');
    },
    {
      timeout: 15_000,
    },
  );
  await guard.chat(ask('Ida Lind'));
  expect(sent(guard)).not.toContain('Ida Lind');
}, 60_000);

test('a guard whose list cannot be read does not start', async () => {
  const directory = [{ file: join(folder, 'none.csv'), columns: { PERSON: ['name'] } }];
  await expect(runGuard({ knowledge: GuardKnowledge.parse({ directory }) })).rejects.toThrow(/none\.csv/);
});

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gm-bench-'));
});

const DATASET = [
  {
    full_text: 'Write to ada@acme.example, SSN 536-22-8724',
    template_id: 7,
    spans: [
      { entity_type: 'EMAIL_ADDRESS', entity_value: 'x', start_position: 9, end_position: 25 },
      { entity_type: 'US_SSN', entity_value: 'x', start_position: 31, end_position: 42 },
      { entity_type: 'SHOE_SIZE', entity_value: 'x', start_position: 0, end_position: 5 },
    ],
  },
];

test('prints figures with what it does not claim, as a table and as JSON', async () => {
  const dataset = await write('labelled.json', DATASET);
  const table = await bench('--dataset', dataset);
  expect(table.out).toMatch(/EMAIL_ADDRESS +1 +1 +1 +1\.000 \(0\.\d{3}–1\.000\)/);
  expect(table.out).toContain('SHOE_SIZE (1)');
  const json = await bench('--dataset', dataset, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ measures: { overlap: { structured: { recall: 1 } } } });
  expect(json.exitCode).toBe(0);
});

test('exits 1 where a figure is worse than the baseline, and names it', async () => {
  const dataset = await write('labelled.json', DATASET);
  const baseline = await write(
    'baseline.json',
    JSON.parse((await bench('--dataset', dataset, '--json')).out),
  );
  expect(await bench('--dataset', dataset, '--baseline', baseline)).toMatchObject({ exitCode: 0 });
  const [text] = DATASET;
  const harder = await write('harder.json', [
    { ...text, full_text: 'Write to ada at acme.example, no number here' },
  ]);
  const { exitCode, err } = await bench('--dataset', harder, '--baseline', baseline);
  expect(exitCode).toBe(1);
  expect(err).toContain('measures.strict.all.recall');
  expect(err).not.toContain('acme');
});

test('tells what it expects of a file of another form', async () => {
  const { exitCode, err } = await bench('--dataset', await write('other.json', { a: 1 }));
  expect(exitCode).toBe(2);
  expect(err).toContain('start_position');
});

async function write(name: string, content: unknown): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** Runs the command here, and gives what it wrote and the exit code that it set. */
async function bench(...args: readonly string[]): Promise<{ out: string; err: string; exitCode: unknown }> {
  const written = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await runProgram(['guard', 'bench', ...args]);
    return { ...written, exitCode: process.exitCode };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.exitCode = before;
  }
}

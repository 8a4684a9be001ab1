import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LogLine } from '../../../src/mesh/engine.ts';
import { streamLogs } from '../../../src/mesh/engines/process/log/stream.ts';
import { describePlace } from '../../../src/mesh/engines/process/place.ts';
import { LogFile } from '../../../src/mesh/engines/process/supervisor/log-file.ts';

const NEVER = new AbortController().signal;

test('lines of all services come in the order of time, with what belongs to a line after it', async () => {
  const { place, open } = await makeLogs();
  const [a, b] = [open('a'), open('b')];
  a.write(lineAt(1));
  a.write('    at some line of a stack');
  a.write(lineAt(4));
  b.write(lineAt(2));
  b.write(lineAt(3));
  const lines = await collect(streamLogs(place, { services: [], follow: false, signal: NEVER }));
  expect(lines.map(({ service, text }) => `${service} ${text}`)).toEqual([
    `a ${lineAt(1)}`,
    'a     at some line of a stack',
    `b ${lineAt(2)}`,
    `b ${lineAt(3)}`,
    `a ${lineAt(4)}`,
  ]);
});

test('following gives every line once, across rotations, until it is aborted', async () => {
  const { place, open } = await makeLogs();
  const log = open('a', 2_000);
  log.write('0');
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const { text } of streamLogs(place, { services: ['a'], follow: true, signal: stop.signal })) {
    seen.push(text);
    if (seen.length === 1_000) stop.abort();
    else if (seen.length % 100 === 1) for (let i = 0; i < 100; i++) log.write(String(seen.length + i));
  }
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, index) => String(index)));
});

test('a log does not grow without bound', async () => {
  const { place, open } = await makeLogs();
  const log = open('a', 1_000);
  for (let i = 0; i < 1_000; i++) log.write(String(i));
  expect((await readdir(place.logDir)).sort()).toEqual(['a.log', 'a.log.1']);
  const lines = await collect(streamLogs(place, { services: ['a'], follow: false, signal: NEVER }));
  expect(lines.at(-1)?.text).toBe('999');
  expect(lines.length).toBeLessThan(1_000);
});

test('an unknown service is refused with those that exist', async () => {
  const { place, open } = await makeLogs();
  open('a').write('0');
  await expect(
    collect(streamLogs(place, { services: ['b'], follow: false, signal: NEVER })),
  ).rejects.toMatchObject({
    code: 'not_found',
    hint: 'There are those of a.',
  });
});

async function makeLogs() {
  const stateDir = await mkdtemp(join(tmpdir(), 'gm-logs-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const place = describePlace(stateDir);
  await mkdir(place.logDir);
  return {
    place,
    open: (service: string, maxBytes?: number) => {
      const log = new LogFile(join(place.logDir, `${service}.log`), maxBytes);
      onTestFinished(() => {
        log.close();
      });
      return log;
    },
  };
}

function lineAt(second: number): string {
  return `{"level":"info","time":"2026-01-01T00:00:0${second}.000Z","msg":"x"}`;
}

async function collect(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startGoose } from '../../../src/agent/goose/process.ts';
import { createSleeper } from '../../support/sleeper.ts';

/** Starts a shell script in the place of Goose. */
async function startProgram(script: string) {
  const cwd = await mkdtemp(join(tmpdir(), 'gm-goose-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const binary = join(cwd, 'goose');
  await writeFile(binary, `#!/bin/sh\n${script}\n`);
  await chmod(binary, 0o755);
  const env = { PATH: process.env['PATH'] ?? '' };
  return startGoose({ binary, cwd, env, log: pino({ level: 'silent' }), onUpdate: () => undefined });
}

test('a Goose that says nothing is given up, and nothing of it stays', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const sleeper = createSleeper();
  const failure = expect(startProgram(sleeper.command)).rejects.toThrow(
    'Goose could not be started: it did not answer within 30 seconds.',
  );
  await sleeper.waitFor(1);
  await vi.runAllTimersAsync();
  await failure;
  await sleeper.waitFor(0);
});

test('a Goose that refuses to shake hands is ended', async () => {
  const sleeper = createSleeper();
  const refusal = '{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"not today"}}';
  await expect(startProgram(`read -r hello\necho '${refusal}'\n${sleeper.command}`)).rejects.toThrow(
    'Goose could not be started: not today.',
  );
  await sleeper.waitFor(0);
});

test('a Goose that ends at once is told by its last words', async () => {
  await expect(startProgram('echo "GLIBC_2.28 not found" >&2\nexit 127')).rejects.toThrow(
    'Goose could not be started: exit code 127: GLIBC_2.28 not found.',
  );
});

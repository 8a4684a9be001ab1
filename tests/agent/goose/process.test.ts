import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startGoose } from '../../../src/agent/goose/process.ts';
import { pickSeconds, waitForSleepers } from '../../support/sleepers.ts';

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
  const seconds = pickSeconds();
  const failure = expect(startProgram(`sleep ${seconds}`)).rejects.toThrow(
    'Goose could not be started: it did not answer within 30 seconds.',
  );
  await waitForSleepers(seconds, 1);
  await vi.runAllTimersAsync();
  await failure;
  await waitForSleepers(seconds, 0);
});

test('a Goose that refuses to shake hands is ended', async () => {
  const seconds = pickSeconds();
  const refusal = '{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"not today"}}';
  await expect(startProgram(`read -r hello\necho '${refusal}'\nsleep ${seconds}`)).rejects.toThrow(
    'Goose could not be started: not today.',
  );
  await waitForSleepers(seconds, 0);
});

test('a Goose that ends at once is told by its last words', async () => {
  await expect(startProgram('echo "GLIBC_2.28 not found" >&2\nexit 127')).rejects.toThrow(
    'Goose could not be started: exit code 127: GLIBC_2.28 not found.',
  );
});

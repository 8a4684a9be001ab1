import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { spawnGroup } from '../../../src/agent/goose/group.ts';
import { pickSeconds, waitForSleepers } from '../../support/sleepers.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/group.ts', import.meta.url));

/** A program that starts another one, which would outlive it, and ends when it has read a line. */
const commandOf = (seconds: string) => ['/bin/sh', '-c', `sleep ${seconds} & read -r line; exit 3`];

function startGroup(seconds: string) {
  const group = spawnGroup(commandOf(seconds), { env: { PATH: process.env['PATH'] ?? '' }, cwd: '.' });
  onTestFinished(group.kill);
  return group;
}

test('what a program has started ends with it', async () => {
  const seconds = pickSeconds();
  const { child, ended } = startGroup(seconds);
  await waitForSleepers(seconds, 1);
  child.stdin.end('\n');
  expect(await ended).toBe('exit code 3');
  await waitForSleepers(seconds, 0);
});

test('what a program has started ends with it, also if that was killed', async () => {
  const seconds = pickSeconds();
  const { child, ended } = startGroup(seconds);
  await waitForSleepers(seconds, 1);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await waitForSleepers(seconds, 0);
});

test('a group ends with the process that has started it, even if that is killed', async () => {
  const seconds = pickSeconds();
  const parent = spawn(process.execPath, [FIXTURE, ...commandOf(seconds)], { stdio: 'inherit' });
  onTestFinished(() => void parent.kill('SIGKILL'));
  await waitForSleepers(seconds, 1);
  parent.kill('SIGKILL');
  await waitForSleepers(seconds, 0);
});

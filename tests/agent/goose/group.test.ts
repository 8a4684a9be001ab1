import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { spawnGroup } from '../../../src/agent/goose/group.ts';
import { createSleeper, type Sleeper } from '../../support/sleeper.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/group.ts', import.meta.url));

/** A program that starts another one, which would outlive it, and ends when it has read a line. */
const commandOf = ({ command }: Sleeper) => ['/bin/sh', '-c', `${command} & read -r line; exit 3`];

function startGroup(sleeper: Sleeper) {
  const group = spawnGroup(commandOf(sleeper), { env: { PATH: process.env['PATH'] ?? '' }, cwd: '.' });
  onTestFinished(group.kill);
  return group;
}

test('what a program has started ends with it', async () => {
  const sleeper = createSleeper();
  const { child, ended } = startGroup(sleeper);
  await sleeper.waitFor(1);
  child.stdin.end('\n');
  expect(await ended).toBe('exit code 3');
  await sleeper.waitFor(0);
});

test('what a program has started ends with it, also if that was killed', async () => {
  const sleeper = createSleeper();
  const { child, ended } = startGroup(sleeper);
  await sleeper.waitFor(1);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await sleeper.waitFor(0);
});

test('a group ends with the process that has started it, even if that is killed', async () => {
  const sleeper = createSleeper();
  const parent = spawn(process.execPath, [FIXTURE, ...commandOf(sleeper)], { stdio: 'inherit' });
  onTestFinished(() => void parent.kill('SIGKILL'));
  await sleeper.waitFor(1);
  parent.kill('SIGKILL');
  await sleeper.waitFor(0);
});

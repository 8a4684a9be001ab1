import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A number of seconds that no other `sleep` on this machine has. */
export function pickSeconds(): string {
  return `98${randomInt(10_000, 99_999)}`;
}

/** Waits until there are so many `sleep`s of this many seconds, and gives their process ids. */
export async function waitForSleepers(seconds: string, count: number): Promise<readonly number[]> {
  for (;;) {
    const pids = await findSleepers(seconds);
    if (pids.length === count) return pids;
    await delay(20);
  }
}

/** Process ids of the `sleep`s of this many seconds. */
async function findSleepers(seconds: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // One that has ended but was not reaped has no command line.
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return command === `sleep\0${seconds}\0` ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the process has ended; vitest's timeout is the limit. */
export async function waitForEnd(pid: number): Promise<void> {
  while (await isAlive(pid)) await delay(20);
}

/** Whether the process runs. A zombie does not: it stays for as long as nobody reaps it, which may be for ever. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(status);
}

import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A command for a shell that runs until it is killed, and whose processes can be told from all others. */
export function createSleeper() {
  const script = `setInterval(String,${randomInt(9_000_000, 9_999_999)})`;
  return {
    command: `node -e '${script}'`,
    /** Waits until just so many processes of it run, none of them among `gone`; vitest's timeout is the limit. */
    async waitFor(count: number, gone: readonly number[] = []): Promise<readonly number[]> {
      for (;;) {
        const pids = await findProcesses(['node', '-e', script]);
        if (pids.length === count && !pids.some((pid) => gone.includes(pid))) return pids;
        await delay(20);
      }
    },
  };
}

export type Sleeper = ReturnType<typeof createSleeper>;

/** Process ids of a command, on this machine and in its containers. */
async function findProcesses(command: readonly string[]): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // One that has ended but was not reaped has no command line.
      const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return text === command.map((word) => `${word}\0`).join('') ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

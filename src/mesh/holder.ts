import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOf } from '../core/errors.ts';

/** A process that holds something, told apart from a later one that has got its number. */
export const Holder = z.object({
  pid: z.int().positive(),
  /** When it started, in ticks since the boot of the machine; null where the system does not tell. */
  started: z.string().nullable(),
});
export type Holder = z.infer<typeof Holder>;

export async function thisProcess(): Promise<Holder> {
  return { pid: process.pid, started: await readStart(process.pid) };
}

export async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user may be asked for, but not signalled.
    return codeOf(error) === 'EPERM';
  }
  const now = await readStart(pid);
  return started === null || now === null || now === started;
}

/** proc_pid_stat(5), field 22. The name of the program, in brackets, may hold spaces. */
async function readStart(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[19] ?? null;
}

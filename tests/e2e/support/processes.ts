import { readdir, readFile } from 'node:fs/promises';

/** Command lines of processes that mention a path, in their arguments or their environment. */
export async function listProcessesOf(path: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(pids.map((pid) => describe(pid, path)));
  return lines.filter((line) => line !== undefined);
}

/** Process ids of the Goose processes below a path. */
export async function listGooseOf(path: string): Promise<readonly number[]> {
  const lines = await listProcessesOf(path);
  return lines.filter((line) => /\/goose acp/.test(line)).map((line) => Number(line.split(' ')[0]));
}

async function describe(pid: string, path: string): Promise<string | undefined> {
  try {
    const [command, environment] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    ]);
    // A process that has ended but was not reaped has no command line.
    if (command === '' || !(command.includes(path) || environment.includes(path))) return undefined;
    return `${pid} ${command.replaceAll('\0', ' ').trim()}`;
  } catch {
    return undefined;
  }
}

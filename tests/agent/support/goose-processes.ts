import { readdir, readFile, readlink } from 'node:fs/promises';

/** Process ids of the Goose processes that keep their data below a directory. */
export async function findGoose(dataDir: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await isGoose(pid, dataDir)) ? pid : undefined)));
  return found.filter((pid) => pid !== undefined);
}

export async function readEnvironment(pid: number): Promise<readonly string[]> {
  return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((line) => line !== '');
}

async function isGoose(pid: number, dataDir: string): Promise<boolean> {
  try {
    const [program, environment] = await Promise.all([readlink(`/proc/${pid}/exe`), readEnvironment(pid)]);
    return (
      program.endsWith('/bin/goose') &&
      environment.some((line) => line.startsWith(`GOOSE_PATH_ROOT=${dataDir}`))
    );
  } catch {
    // It ended while we looked, or belongs to somebody else.
    return false;
  }
}

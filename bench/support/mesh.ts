import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const BIN = fileURLToPath(new URL('../../bin/goose-mesh.js', import.meta.url));

/** A folder with a mesh of its own, and the program run in it. */
export async function openFolder() {
  const dir = await mkdtemp(join(tmpdir(), 'gm-bench-'));
  await chmod(dir, 0o711);
  const stateDir = join(dir, 'state');
  const run = (...args: string[]) =>
    execa(process.execPath, [BIN, ...args], { cwd: dir, env: { GOOSE_MESH_STATE: stateDir, CI: 'true' } });
  return {
    dir,
    stateDir,
    run,
    async json<T>(...args: string[]): Promise<T> {
      return JSON.parse((await run(...args, '--json')).stdout) as T;
    },
    async [Symbol.asyncDispose]() {
      await run('down', '--volumes');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

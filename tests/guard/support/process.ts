import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { nodeOptions } from '../../../src/mesh/engines/node-options.ts';
import type { TestController } from './controller.ts';
import { guardConfig } from './guard.ts';
import type { TestProvider } from './provider.ts';

/** What a guard may have (src/mesh/make-plan.ts). */
export const GUARD_MEMORY_MB = 256;

const SERVE = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));

/** A guard in a process of its own, in a folder where everything that it writes can be found. */
export async function spawnGuard(controller: TestController, provider: TestProvider) {
  const dir = await mkdtemp(join(tmpdir(), 'gm-guard-'));
  const config = join(dir, 'config.json');
  await writeFile(config, JSON.stringify(guardConfig(controller, provider)));
  const child = execa(process.execPath, [SERVE, 'guard', '--config', config], {
    cwd: dir,
    env: {
      HOME: dir,
      TMPDIR: dir,
      XDG_CACHE_HOME: dir,
      GOOSE_MESH_LOG_LEVEL: 'trace',
      NODE_OPTIONS: nodeOptions({ memoryMb: GUARD_MEMORY_MB }),
    },
    all: true,
    reject: false,
  });
  const said: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.all.on('data', (chunk: Buffer) => {
      said.push(chunk.toString('utf8'));
      const [, found] = /"port":(\d+),.*"msg":"ready"/.exec(said.join('')) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
    child.all.on('end', () => {
      reject(new Error(`the guard ended: ${said.join('')}`));
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    /** Memory that it has, in MB; Linux only. */
    async readMemory(): Promise<number> {
      const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
    },
    /** All that it has written to its log, whatever the level. */
    log: () => said.join(''),
    /** What is there beside its configuration. */
    listFiles: async () => (await readdir(dir, { recursive: true })).filter((name) => name !== 'config.json'),
    async [Symbol.asyncDispose]() {
      child.kill();
      await child;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

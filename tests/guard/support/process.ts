import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TestController } from './controller.ts';
import { guardConfig } from './guard.ts';
import type { TestProvider } from './provider.ts';

const SERVE = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));

/** A guard in a process of its own, in a folder where everything that it writes can be found. */
export async function spawnGuard(controller: TestController, provider: TestProvider) {
  const dir = await mkdtemp(join(tmpdir(), 'gm-guard-'));
  const config = join(dir, 'config.json');
  await writeFile(config, JSON.stringify(guardConfig(controller, provider)));
  const child = execa(process.execPath, [SERVE, 'guard', '--config', config], {
    cwd: dir,
    env: { HOME: dir, TMPDIR: dir, XDG_CACHE_HOME: dir, GOOSE_MESH_LOG_LEVEL: 'trace' },
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

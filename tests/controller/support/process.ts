import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { ControllerConfig } from '../../../src/core/config.ts';

const PROGRAM = new URL('../fixtures/serve.ts', import.meta.url).pathname;

/** A controller in a process of its own, which can be killed. PostgreSQL knows its connections by the name. */
export async function spawnController(config: ControllerConfig, name: string) {
  const dir = await mkdtemp(join(tmpdir(), 'gm-controller-'));
  const database = { ...config.database, url: `${config.database.url}&application_name=${name}` };
  await writeFile(join(dir, 'config.json'), JSON.stringify({ ...config, database }), { mode: 0o600 });
  const child = spawn(process.execPath, [PROGRAM, join(dir, 'config.json')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(async () => {
    await kill();
    await rm(dir, { recursive: true, force: true });
  });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name, url: `http://127.0.0.1:${port}`, kill };
}

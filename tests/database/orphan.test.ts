import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, test } from 'vitest';
import { makeConfig, makeDirectory, query, readServerPid, start } from './support/database.ts';
import { waitForEnd } from './support/processes.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/serve.ts', import.meta.url));

test('the server ends when the process that runs the part is killed', async () => {
  const config = await makeConfig();
  const file = join(await makeDirectory(), 'config.json');
  await writeFile(file, JSON.stringify(config));
  const parent = spawn(process.execPath, [FIXTURE, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  await once(parent.stdout, 'data');
  const server = await readServerPid(config);

  parent.kill('SIGKILL');
  await waitForEnd(server);

  const { port } = await start(config);
  await query(config, port, 'SELECT');
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRehearsal } from '../../src/scenario/rehearsal/admin.ts';
import { startTestMesh } from '../support/mesh.ts';
import { findGoose, readEnvironment } from './support/goose-processes.ts';
import { waitForEvent } from './support/wait.ts';

/** A JSON web token starts with {"alg": in base64url. */
const TOKEN = 'eyJhbGciOi';

test('Goose is given no token: neither in its environment nor in what it writes of its conversations', async () => {
  await using mesh = await startTestMesh(['finance']);
  const traceId = 'e'.repeat(32);
  await openRehearsal(mesh.model, traceId, {
    finance: [
      {
        when: { told: [], after: [], results: {} },
        take: {},
        pause_ms: 0,
        call: { tool: 'list_agents', with: {} },
      },
      { when: { told: [], after: ['list_agents'], results: {} }, take: {}, pause_ms: 0, say: 'Done.' },
    ],
  });
  await mesh.controller.as('user:alice').tasks.route({ target: 'finance', description: 'Who?' }, { traceId });
  await waitForEvent(mesh.controller, ({ kind }) => kind === 'task.completed');

  const dataDir = join(mesh.dataDir, 'finance');
  const [pid] = await findGoose(dataDir);
  const environment = (await readEnvironment(pid ?? 0)).join('\n');
  const written = [environment, ...(await readFiles(dataDir))].join('\n');
  expect(environment).toContain('OPENAI_HOST=http://127.0.0.1:');
  expect(written).toContain('list_agents');
  expect(written).not.toContain(mesh.controller.credentialsOf('agent:finance').client_secret);
  expect(written).not.toContain(TOKEN);
});

async function readFiles(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}

import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { startAgent } from '../../src/agent/start.ts';
import { openRehearsal } from '../../src/scenario/rehearsal/admin.ts';
import { startTestController } from '../support/controller.ts';
import { startTestMesh } from '../support/mesh.ts';
import { configureAgent } from './support/config.ts';
import { waitForEvent } from './support/wait.ts';

test('a session has a folder until it has ended', async () => {
  await using mesh = await startTestMesh(['legal']);
  const traceId = 'd'.repeat(32);
  await openRehearsal(mesh.model, traceId, {
    legal: [{ when: { told: [], after: [], results: {} }, take: {}, pause_ms: 500, say: 'Done.' }],
  });
  await mesh.controller
    .as('user:alice')
    .tasks.route({ target: 'legal', description: 'Read this.' }, { traceId });
  const { subject } = await waitForEvent(mesh.controller, ({ kind }) => kind === 'session.activated');
  const folder = join(mesh.dataDir, 'legal', 'work');
  expect(await readdir(folder)).toEqual([subject.replace('session:', '')]);
  await waitForEvent(mesh.controller, ({ kind }) => kind === 'session.completed');
  await vi.waitUntil(async () => (await readdir(folder)).length === 0, 10_000);
});

test('the folders of sessions that ended while no agent was there are removed when it starts', async () => {
  await using controller = await startTestController();
  const config = await configureAgent(controller);
  const folders = ['work', 'ephemeral', 'state/ephemeral'].map((folder) => join(config.data_dir, folder));
  const id = randomUUID();
  for (const folder of folders) await mkdir(join(folder, id), { recursive: true });
  const agent = await startAgent(config, pino({ level: 'silent' }));
  const left = () => Promise.all(folders.map((folder) => readdir(folder)));
  await vi.waitUntil(async () => (await left()).flat().length === 0, 10_000);
  await agent.close();
});

import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { startAgent } from '../../src/agent/start.ts';
import { openRehearsal } from '../../src/scenario/rehearsal/admin.ts';
import { readProfile, startTestController } from '../support/controller.ts';
import { startTestMesh } from '../support/mesh.ts';
import { configureAgent } from './support/config.ts';
import { waitForEvent } from './support/wait.ts';

test('Goose is given the mesh tools of its profile and nothing else', async () => {
  const profile = await readProfile('legal');
  const profiles = [
    {
      ...profile,
      policies: { ...profile.policies, tools: ['send_task' as const, 'complete_task' as const] },
    },
  ];
  await using mesh = await startTestMesh(['legal'], { controller: { profiles } });
  const traceId = 'a'.repeat(32);
  const rehearsal = await openRehearsal(mesh.model, traceId, {
    legal: [{ when: { told: [], after: [], results: {} }, take: {}, pause_ms: 0, say: 'Done.' }],
  });
  await mesh.controller
    .as('user:alice')
    .tasks.route({ target: 'legal', description: 'Read this.' }, { traceId });
  await waitForEvent(mesh.controller, ({ kind }) => kind === 'task.completed');
  const [call] = await rehearsal.readLedger();
  const body = call?.body as { tools: { function: { name: string } }[]; messages: { content: string }[] };
  expect(body.tools.map((tool) => tool.function.name).sort()).toEqual([
    'mesh__complete_task',
    'mesh__send_task',
  ]);
  expect(body.messages[0]?.content).toContain('You are the Legal agent');
});

test('an agent without a profile does not start, and the mesh knows why', async () => {
  await using controller = await startTestController({ profiles: [await readProfile('manager')] });
  const config = await configureAgent(controller, { role: 'finance' });
  const agent = startAgent(config, pino({ level: 'silent' }));
  await expect(agent).rejects.toThrow('There is no role "finance"');
  const [refused] = await controller.as('user:root').agents.list();
  expect(refused).toMatchObject({
    name: 'finance',
    status: 'refused',
    reason: expect.stringContaining('finance') as string,
  });
});

test('a cancelled task ends the turn that works on it', async () => {
  await using mesh = await startTestMesh(['legal'], { controller: { lease_seconds: 3 } });
  const traceId = 'b'.repeat(32);
  const rehearsal = await openRehearsal(mesh.model, traceId, {
    legal: [{ when: { told: [], after: [], results: {} }, take: {}, pause_ms: 30_000, say: 'Too late.' }],
  });
  const alice = mesh.controller.as('user:alice');
  const { id } = await alice.tasks.route({ target: 'legal', description: 'Read this.' }, { traceId });
  // Only a call that is under way can be closed.
  await vi.waitUntil(async () => (await rehearsal.readLedger()).length > 0, { timeout: 20_000 });
  await alice.tasks.cancel(id, 'not needed any more');
  expect(await alice.tasks.get(id)).toMatchObject({ status: 'cancelled', failure: 'not needed any more' });
  // The turn would still last half a minute, but the guard sees its caller leave and closes the call.
  const call = await waitForEvent(mesh.controller, ({ data }) => data['shape'] === 'openai-chat');
  expect(call.data['tokens_out']).toBeNull();
  const failed = await waitForEvent(mesh.controller, ({ kind }) => kind === 'session.failed');
  expect(failed.data).toMatchObject({ role: 'legal', to: 'failed' });
});

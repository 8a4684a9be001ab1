import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { openRelay } from '../../src/agent/relay/relay.ts';
import { startAgent } from '../../src/agent/start.ts';
import { openConversation } from '../../src/agent/work/converse.ts';
import { readProfile, startTestController } from '../support/controller.ts';
import { configureAgent } from './support/config.ts';
import { openGoose } from './support/goose.ts';

const log = pino({ level: 'silent' });

test('an agent whose Goose does not start leaves nothing open, and the mesh knows why', async () => {
  await using controller = await startTestController();
  const config = await configureAgent(controller, { goose: '/bin/false' });
  const countServers = () =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const before = countServers();
  await expect(startAgent(config, log)).rejects.toThrow('Goose could not be started: exit code 1.');
  await vi.waitUntil(() => countServers() === before);
  expect(await controller.as('user:root').agents.list()).toMatchObject([
    { name: 'legal', status: 'refused', reason: expect.stringContaining('exit code 1') as string },
  ]);
});

test('a session whose conversation cannot be loaded is let through no longer', async () => {
  await using controller = await startTestController();
  const config = await configureAgent(controller);
  const client = controller.as('agent:legal');
  const { goose } = await openGoose();
  await using relay = await openRelay({
    controllerUrl: controller.url,
    guardUrl: controller.url,
    agentToken: () => client.token(),
    log,
  });
  const urls: string[] = [];
  const admit: typeof relay.admit = (...session) => {
    const admission = relay.admit(...session);
    urls.push(admission.toolsUrl);
    return admission;
  };
  const profile = await readProfile('legal');
  const session = await controller.as('user:alice').sessions.create({ role: 'legal' });
  const lender = { ...goose, lend: () => Promise.resolve(goose) };
  const agent = { config, profile, client, goose: lender, relay: { ...relay, admit }, patienceMs: 0, log };
  const claim = { session: { ...session, conversation: '20260101_9' }, lease_id: randomUUID() };
  await expect(openConversation(agent, claim)).rejects.toThrow('Resource not found');
  expect(urls).toHaveLength(1);
  expect((await fetch(urls[0] ?? '', { method: 'POST', body: '{}' })).status).toBe(403);
});

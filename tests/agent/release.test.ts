import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openRelay } from '../../src/agent/relay/relay.ts';
import { startAgent } from '../../src/agent/start.ts';
import { openConversation } from '../../src/agent/work/converse.ts';
import { AgentConfig } from '../../src/core/config.ts';
import { readProfile, startTestController, type TestController } from '../support/controller.ts';
import { openGoose } from './support/goose.ts';

const log = pino({ level: 'silent' });

async function configure(controller: TestController, overrides: Partial<AgentConfig> = {}) {
  const data_dir = await mkdtemp(join(tmpdir(), 'gm-agent-'));
  onTestFinished(() => rm(data_dir, { recursive: true }));
  return AgentConfig.parse({
    part: 'agent',
    mesh: 'test',
    controller: { url: controller.url },
    guard: { url: 'http://127.0.0.1:9' },
    client: controller.credentialsOf('agent:legal'),
    name: 'legal',
    role: 'legal',
    model: 'rehearsal-legal',
    data_dir,
    ...overrides,
  });
}

test('an agent whose Goose does not start leaves nothing open, and the mesh knows why', async () => {
  await using controller = await startTestController();
  const config = await configure(controller, { goose: '/bin/false' });
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
  const config = await configure(controller);
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
    urls.push(relay.admit(...session));
    return urls[0] ?? '';
  };
  const profile = await readProfile('legal');
  const session = await controller.as('user:alice').sessions.create({ role: 'legal' });
  const agent = { config, profile, client, goose, relay: { ...relay, admit }, patienceMs: 0, log };
  await expect(openConversation(agent, { ...session, conversation: '20260101_9' })).rejects.toThrow(
    'Resource not found',
  );
  expect(urls).toHaveLength(1);
  expect((await fetch(urls[0] ?? '', { method: 'POST', body: '{}' })).status).toBe(403);
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import type { Agent } from '../../src/core/agent.ts';
import type { MigrationStatus } from '../../src/core/migration.ts';
import type { PolicyVersion } from '../../src/core/policy/version.ts';
import type { Session } from '../../src/core/session.ts';
import type { Task } from '../../src/core/task.ts';
import type { ServiceStatus } from '../../src/mesh/engine.ts';
import { readSecrets } from '../../src/mesh/secrets.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';

const MESH = `
agents: [{ role: finance }]
users: [{ name: alice }, { name: bob, roles: [manager] }]
`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace({ 'mesh.yaml': MESH });
  const { code, stderr } = await workspace.run(['up', '--engine', 'process']);
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => workspace[Symbol.asyncDispose]());

test('status shows the services and the agents', async () => {
  const { services, agents } = await workspace.json<{ services: ServiceStatus[]; agents: Agent[] }>('status');
  expect(services.map(({ service, state }) => `${service} ${state}`).sort()).toEqual([
    'agent-finance running',
    'controller running',
    'database running',
    'guard-finance running',
    'model running',
  ]);
  expect(agents).toMatchObject([{ name: 'finance', role: 'finance', status: 'ready' }]);
});

test('up again changes nothing of what runs', async () => {
  const before = await workspace.json<{ services: ServiceStatus[] }>('status');
  const { stdout, code } = await workspace.run(['up', '--engine', 'process']);
  expect(code).toBe(0);
  expect(stdout).toContain('controller: kept');
  expect(await workspace.json('status')).toMatchObject({
    services: before.services.map(({ id }) => ({ id })),
  });
});

test('the approval policy is shown as it is in force, and explained', async () => {
  const { version, policy } = await workspace.json<PolicyVersion>('approval', 'policy');
  expect({ version, rules: policy.rules.map(({ id }) => id) }).toEqual({
    version: 1,
    rules: ['over-10k', 'over-50k'],
  });
  const shown = await workspace.run(['approval', 'policy']);
  expect(shown.stdout).toMatch(/over-50k +over 50,000 USD +finance and manager +168 h/);
  const explain = ['approval', 'explain', '--amount', '125,000', '--role', 'finance'];
  const explained = await workspace.run(explain);
  expect(explained.stdout).toMatch(/finance consents by asking:\n\nSTEP .*\n +1 +manager +over-50k$/);
  expect(await workspace.json(...explain)).toEqual(await workspace.json(...explain, '--files'));
  const none = await workspace.run(['approval', 'explain', '--amount', '10000']);
  expect(none.stdout).toBe('No rule applies: nobody need approve.');
  expect(await workspace.json('approval', 'list', '--mine')).toEqual({ items: [], next: null });
});

test('a session goes through its states by `session transition`', async () => {
  const { id } = await workspace.json<Session>('session', 'create', '--role', 'finance');
  for (const [event, status] of [
    ['activate', 'active'],
    ['pause', 'paused'],
    ['resume', 'active'],
    ['complete', 'completed'],
  ] as const) {
    const moved = await workspace.json<Session>('session', 'transition', id, event, '--reason', 'a test');
    expect(moved.status).toBe(status);
  }
  const shown = await workspace.run(['session', 'show', id]);
  expect(shown.stdout).toMatch(/resume\s+paused\s+active\s+user:admin\s+a test/);
  const watched = await workspace.run(['session', 'watch', id]);
  expect(watched.stdout).toContain('session.completed');
  const refused = await workspace.run(['session', 'transition', id, 'resume']);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('The session is completed and cannot resume');
});

test('a session that is deleted is not watched any longer', async () => {
  const { id } = await workspace.json<Session>('session', 'create', '--role', 'finance');
  const watching = workspace.start(['session', 'watch', id]);
  await new Promise((resolve) => watching.stdout.once('data', resolve));
  await deleteSession(id);
  await expect(watching).resolves.toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('session.deleted') as unknown,
  });
});

test('status shows the services also when the controller does not answer, and says why agents are missing', async () => {
  const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
  const controller = Number(services.find(({ service }) => service === 'controller')?.id);
  process.kill(controller, 'SIGSTOP');
  const { code, stdout } = await workspace.run(['status']).finally(() => process.kill(controller, 'SIGCONT'));
  expect(stdout).toMatch(/agent-finance +running/);
  expect(stdout).toMatch(/Nothing is known of the agents\. The controller at .* cannot be reached/);
  expect(code).toBe(0);
});

test('people see only what is theirs', async () => {
  const task = await workspace.json<Task>('--as', 'alice', 'task', 'send', 'finance', 'Please read this.');
  expect(task).toMatchObject({ source: 'user:alice', target: 'finance' });
  expect((await workspace.run(['--as', 'bob', 'task', 'show', task.id])).stderr).toContain(
    `There is no task ${task.id}`,
  );
  expect((await workspace.run(['--as', 'carol', 'task', 'list'])).stderr).toContain(
    'There is no user "carol"',
  );
  const cancelled = await workspace.json<Task>('--as', 'alice', 'task', 'cancel', task.id);
  expect(cancelled.status).toBe('cancelled');
});

test('migrate status shows what is applied, through the controller', async () => {
  const status = await workspace.json<MigrationStatus[]>('migrate', 'status');
  expect(status.every(({ state }) => state === 'applied')).toBe(true);
  expect((await workspace.run(['migrate', 'up'])).code).toBe(0);
});

test('logs are printed by service', async () => {
  const { stdout } = await workspace.run(['logs', 'controller']);
  expect(stdout).toContain('session lifecycle initialized');
  expect((await workspace.run(['logs', 'contoller'])).stderr).toContain('Did you mean controller?');
});

test('logs that are followed end with their reader', async () => {
  const logs = workspace.start(['logs', '-f']);
  await new Promise((resolve) => logs.stdout.once('data', resolve));
  logs.stdout.destroy();
  // Nobody hears that a reader is gone before the next line.
  const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
  process.kill(Number(services.find(({ service }) => service === 'agent-finance')?.id), 'SIGKILL');
  await expect(logs).resolves.toMatchObject({ exitCode: 0, stderr: '' });
});

describe('bad input', () => {
  test.each([
    ['an unknown role', ['task', 'send', 'finanec', 'x'], 'Did you mean finance?'],
    [
      'an unknown event',
      ['session', 'transition', '00000000-0000-4000-8000-000000000000', 'activte'],
      'There is no session',
    ],
    ['what is not a UUID', ['session', 'show', '../../events'], 'Expected a UUID, found "../../events"'],
    ['an amount that is none', ['task', 'send', 'finance', 'x', '--amount', 'lots'], 'Expected an amount'],
    [
      'an amount that could be two',
      ['task', 'send', 'finance', 'x', '--amount', '1,5'],
      'Expected an amount',
    ],
    ['data that is no JSON', ['task', 'send', 'finance', 'x', '--data', '{'], 'Expected a JSON object'],
    ['a number that JSON cannot say', ['task', 'send', 'finance', 'x', '--data', '{"a":1e999}'], 'too large'],
  ])('%s is refused with one clear line', async (_what, args, message) => {
    const { code, stderr } = await workspace.run(args);
    expect(stderr).toContain(message);
    expect(stderr.split('\n').length).toBeLessThan(5);
    expect(code).toBe(2);
  });
});

/** As the admin, past the command line, which has no command for it. */
async function deleteSession(id: string): Promise<void> {
  const { mesh, services } = await workspace.json<{ mesh: string; services: ServiceStatus[] }>('status');
  const secrets = await readSecrets(join(workspace.dir, 'state/meshes', mesh));
  const client = createClient({
    baseUrl: services.find(({ service }) => service === 'controller')?.address ?? '',
    credentials: { client_id: 'user:admin', client_secret: secrets?.clients['user:admin'] ?? '' },
  });
  await client.sessions.delete(id).finally(() => client.close());
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Waiting } from '../../src/cli/waiting.ts';
import type { Agent } from '../../src/core/agent.ts';
import type { Page } from '../../src/core/page.ts';
import type { Task, TaskHistory } from '../../src/core/task.ts';
import type { ServiceStatus } from '../../src/mesh/engine.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';

const MESH = `
agents: [{ role: finance, replicas: 2 }]
users: [{ name: alice }]
`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace({ 'mesh.yaml': MESH });
  const { code, stderr } = await workspace.run(['up', '--engine', 'process']);
  if (code !== 0) throw new Error(stderr);
  // A model that never answers: agents hold what they have taken.
  process.kill(await pidOf('model'), 'SIGSTOP');
});
afterAll(() => workspace[Symbol.asyncDispose]());

test('both replicas get work, and what fails after all its attempts is a dead letter until it is sent anew', async () => {
  const [first, second] = [await send('First'), await send('Second')];
  await expect.poll(agentsAtWork, { timeout: 30_000 }).toEqual(['finance', 'finance-2']);
  const { agents } = await workspace.json<{ agents: Agent[] }>('status');
  expect(agents.map(({ name, role }) => `${name} ${role}`)).toEqual(['finance finance', 'finance-2 finance']);

  const { agent } = await workspace.json<Task>('task', 'show', first.id);
  process.kill(await pidOf(`agent-${agent ?? ''}`), 'SIGKILL');
  await expect
    .poll(async () => (await workspace.json<Task>('task', 'show', first.id)).dead_letter, { timeout: 30_000 })
    .toBe(true);
  const { history } = await workspace.json<Task & { history: TaskHistory }>('task', 'show', first.id);
  expect(history.attempts).toMatchObject([{ attempt: 1, agent, end: 'failed' }]);
  const shown = await workspace.run(['task', 'show', first.id]);
  expect(shown.stdout).toMatch(/status +failed, dead letter\n/);
  expect(shown.stdout).toMatch(/attempts +1 of 1\n/);
  expect(shown.stdout).not.toMatch(/null|[{}]/);
  expect((await workspace.run(['status'])).stdout).toMatch(
    /\n1 dead letter: goose-mesh task list --dead-letter$/,
  );
  expect(await deadLetters()).toEqual([first.id]);

  const again = await workspace.json<Task>('--as', 'alice', 'task', 'retry', first.id);
  expect(again).toMatchObject({ retry_of: first.id, description: 'First' });
  expect(await deadLetters()).toEqual([]);
  expect((await workspace.json<{ waiting: Waiting }>('status')).waiting.dead_letters).toBe(0);
  for (const { id } of [second, again]) await workspace.json('task', 'cancel', id);
});

test('a task shows what it was sent with, and what was edited since', async () => {
  const sent = await workspace.run([
    ...[
      '--as',
      'alice',
      'task',
      'send',
      'finance',
      'Look at \u001b[2J this',
      '--amount',
      '7500',
      '--privileged',
    ],
    ...[
      '--max-attempts',
      '3',
      '--deadline',
      '2099-03-31T17:00:00Z',
      '--attach',
      'plan=https://files.example.org/p.pdf',
    ],
    ...[
      '--data',
      '{"trip":{"days":7}}',
      '--result-schema',
      '{"type":"object","properties":{"ok":{"type":"boolean"}}}',
    ],
  ]);
  for (const line of [
    /from +user:alice$/m,
    /amount +7,500 USD$/m,
    /privileged +yes$/m,
    /attempts +0 of 3$/m,
    /deadline +2099-03-31 17:00:00Z$/m,
    /description +Look at \\x1b\[2J this$/m,
    /data +trip\.days: 7$/m,
    /attachments +plan: https:\/\/files\.example\.org\/p\.pdf$/m,
    /must give +type: object\n +properties\.ok\.type: boolean/,
  ]) {
    expect(sent.stdout).toMatch(line);
  }
  const [, id = ''] = /^id +(\S+)/.exec(sent.stdout) ?? [];
  const edited = await workspace.json<Task>('--as', 'alice', 'task', 'edit', id, '--deadline', 'none');
  expect(edited.deadline).toBeNull();
  expect((await workspace.run(['task', 'edit', id])).stderr).toMatch(
    /found none of --priority, --deadline, --parent/,
  );
  await workspace.json('task', 'cancel', id);
});

test('what an agent has begun goes to another one once it is retired', async () => {
  const { id } = await send('Third', 3);
  await expect.poll(agentsAtWork, { timeout: 30_000 }).toHaveLength(1);
  const begun = await workspace.json<Task>('task', 'show', id);
  const [from, to] = begun.agent === 'finance' ? ['finance', 'finance-2'] : ['finance-2', 'finance'];
  const pid = await pidOf(`agent-${from}`);
  process.kill(pid, 'SIGSTOP');
  const retired = await workspace.run(['agent', 'retire', from]);
  expect(retired.stdout).toMatch(/gone/);
  expect((await workspace.run(['agent', 'list'])).stdout).toMatch(
    new RegExp(`^${from} +finance +gone .*retired by user:`, 'm'),
  );
  await expect.poll(agentsAtWork, { timeout: 30_000 }).toEqual([to]);
  const session = await workspace.run(['session', 'show', begun.session_id ?? '']);
  expect(session.stdout).toMatch(new RegExp(`^agent +${to}\nearlier agents +${from}$`, 'm'));
  const { history } = await workspace.json<Task & { history: TaskHistory }>('task', 'show', id);
  expect(history.attempts).toMatchObject([
    { agent: from, end: 'released', reason: `agent:${from} was retired` },
    { agent: to, end: null },
  ]);
  process.kill(pid, 'SIGCONT');
  await workspace.json('task', 'cancel', id);
});

test('an agent that nobody knows is not retired', async () => {
  expect((await workspace.run(['agent', 'retire', 'finanse'])).stderr).toContain('There is no agent finanse');
});

async function send(text: string, attempts = 1): Promise<Task> {
  return workspace.json('--as', 'alice', 'task', 'send', 'finance', text, '--max-attempts', String(attempts));
}

async function agentsAtWork(): Promise<readonly (string | null)[]> {
  const { items } = await workspace.json<Page<Task>>('task', 'list', '--status', 'active');
  return items.map(({ agent }) => agent).sort();
}

async function deadLetters(): Promise<readonly string[]> {
  return (await workspace.json<Page<Task>>('task', 'list', '--dead-letter')).items.map(({ id }) => id);
}

async function pidOf(name: string): Promise<number> {
  const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
  return Number(services.find(({ service }) => service === name)?.id);
}

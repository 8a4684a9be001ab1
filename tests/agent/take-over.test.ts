import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentConfig } from '../../src/core/config.ts';
import { openRehearsal } from '../../src/scenario/rehearsal/admin.ts';
import { startTestMesh } from '../support/mesh.ts';
import { waitForEvent } from './support/wait.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/serve.ts', import.meta.url));

/** An agent with its Goose in processes of their own, which can be killed. */
async function spawnAgent(config: AgentConfig, dir: string) {
  const file = join(dir, `${config.name}.json`);
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  const child = spawn(process.execPath, [PROGRAM, file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return { kill };
}

const line = { when: { told: [], after: [], results: {} }, take: {}, pause_ms: 0 };
const TAKEN_OVER = ['You take this task over: finance of your role began it'];

test('a task whose agent is killed for good while it waits is finished by another one', async () => {
  await using mesh = await startTestMesh([], {
    controller: {
      agent_gone_seconds: 2,
      moreClients: [{ kind: 'guard', name: 'finance-2', roles: [] }],
    },
  });
  const { controller, model, dataDir } = mesh;
  const traceId = 'c'.repeat(32);
  const rehearsal = await openRehearsal(model, traceId, {
    finance: [
      { ...line, call: { tool: 'request_approval', with: { reason: 'Three engineers.' } } },
      { ...line, when: { ...line.when, after: ['request_approval'] }, say: 'I wait.' },
      {
        ...line,
        when: { ...line.when, told: [...TAKEN_OVER, 'Three engineers.', 'manager (approve): Go ahead.'] },
        call: { tool: 'complete_task', with: { outcome: 'approved', summary: 'Granted.' } },
      },
      { ...line, when: { ...line.when, told: TAKEN_OVER, after: ['complete_task'] }, say: 'Done.' },
    ],
  });
  const first = await spawnAgent(await mesh.configure('finance', 'finance'), dataDir);
  const alice = controller.as('user:alice');
  const { id } = await alice.tasks.route(
    { target: 'finance', description: 'A budget for the platform team.', amount: 125_000 },
    { traceId },
  );
  await waitForEvent(controller, ({ kind }) => kind === 'session.paused');
  await first.kill();
  await mesh.join(await mesh.configure('finance-2', 'finance'));

  const [approval] = (await alice.approvals.list({ task_id: id })).items;
  await controller.as('user:bob').approvals.decide(approval?.id ?? '', {
    decision: 'approve',
    comment: 'Go ahead.',
  });
  const { data } = await waitForEvent(controller, ({ kind }) => kind === 'session.moved');
  expect(data).toMatchObject({ from: 'finance', to: 'finance-2', reason: 'not seen for 2 seconds' });
  await waitForEvent(
    controller,
    ({ kind, subject }) => kind === 'task.completed' && subject === `task:${id}`,
  );
  expect(await alice.tasks.get(id)).toMatchObject({
    status: 'completed',
    outcome: 'approved',
    agent: 'finance-2',
    attempts: 1,
  });
  expect((await alice.approvals.list({ task_id: id })).items).toHaveLength(1);
  const { session_id: sessionId } = await alice.tasks.get(id);
  expect((await alice.sessions.transitions(sessionId ?? '')).map(({ event }) => event)).toEqual([
    'activate',
    'pause',
    'resume',
    'complete',
  ]);
  expect(await rehearsal.readLedger()).not.toEqual([]);
});

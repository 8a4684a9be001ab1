import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Claim } from '../../src/core/task.ts';
import { startTestController, type TestController } from '../support/controller.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

test('a budget request over 50,000 pauses for the manager and completes with the decision', async () => {
  const alice = mesh.as('user:alice');
  const finance = mesh.as('agent:finance');
  const manager = mesh.as('agent:manager');

  const task = await alice.tasks.route({
    target: 'finance',
    type: 'budget-request',
    description: 'Three engineers; one is Ada, ada@example.org, SSN 536-22-8724.',
    amount: 125_000,
  });
  const claim = await claimOne(finance);
  expect(claim.task.id).toBe(task.id);
  expect(claim.task.description).toContain('536-22-8724');
  await finance.sessions.send(claim.session.id, 'activate');

  const tools = await openTools('agent:finance', claim.session.id);
  const asked = await tools.call('request_approval', { amount: 125_000, reason: 'For ada@example.org, SSN 536-22-8724' });
  expect(asked).toMatchObject({ approvers: ['manager'], status: 'pending' });
  const verdict = await finance.tasks.reportTurn(task.id, { lease_id: claim.lease_id, text: 'I wait.', told: [] });
  expect(verdict.next).toBe('wait');
  expect((await alice.sessions.get(claim.session.id)).status).toBe('paused');

  const review = await claimOne(manager);
  expect(review.task.description).toContain('ada@example.org');
  expect(review.task.description).not.toContain('536-22-8724');
  await manager.sessions.send(review.session.id, 'activate');
  const managerTools = await openTools('agent:manager', review.session.id);
  await managerTools.call('decide_approval', { approval_id: asked['approval_id'], decision: 'approve', comment: 'Go ahead.' });

  const resumed = await claimOne(finance);
  expect(resumed.session.id).toBe(claim.session.id);
  expect(resumed.answers).toMatchObject([{ kind: 'approval', status: 'approved', by: 'agent:manager' }]);
  await tools.call('complete_task', { outcome: 'approved', summary: 'Approved by the manager.' });
  expect(await alice.tasks.get(task.id)).toMatchObject({ status: 'completed', outcome: 'approved' });
  expect((await alice.sessions.get(claim.session.id)).status).toBe('completed');
  expect((await manager.sessions.get(review.session.id)).status).toBe('completed');
});

async function claimOne(client: ReturnType<TestController['as']>): Promise<Claim> {
  const claim = await client.tasks.claim(randomUUID(), 5000);
  if (claim === undefined) throw new Error('no work came');
  return claim;
}

async function openTools(actor: string, sessionId: string) {
  const token = await mesh.as(actor, { sessionId }).token();
  let id = 0;
  return {
    async call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
      id += 1;
      const response = await fetch(`${mesh.url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id,
          method: 'tools/call',
          params: { name, arguments: args, _meta: { 'agent-tool-call-request-id': `call-${id}` } },
        }),
      });
      const text = await response.text();
      const json = JSON.parse(text.startsWith('{') ? text : (/data: (.*)/.exec(text)?.[1] ?? '{}')) as {
        result?: { isError?: boolean; content: { text: string }[] };
      };
      const content = json.result?.content[0]?.text;
      if (content === undefined || json.result?.isError === true) throw new Error(`tool ${name}: ${text}`);
      return JSON.parse(content) as Record<string, unknown>;
    },
  };
}

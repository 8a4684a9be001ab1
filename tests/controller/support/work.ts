import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { z } from 'zod';
import type { Claim, NewTask, Task } from '../../../src/core/task.ts';
import type { TestController } from '../../support/controller.ts';
import { openTools, type Tools } from './tools.ts';

type AgentClient = ReturnType<TestController['as']>;

/** The next task of an agent. Fails the test if none comes. */
export async function claimOne(client: AgentClient): Promise<Claim> {
  const claim = await client.tasks.claim(randomUUID(), 5000);
  if (claim === undefined) throw new Error('no work came');
  return claim;
}

/** A task that an agent has begun to work on, as its supervisor and as its model see it. */
export interface Work {
  readonly task: Task;
  readonly claim: Claim;
  readonly agent: AgentClient;
  readonly tools: Tools;
  readonly sessionId: string;
}

/** Alice sends a task to a role, whose agent claims it and begins. */
export async function startWork(
  mesh: TestController,
  task: Partial<z.input<typeof NewTask>> = {},
): Promise<Work> {
  const routed = await mesh
    .as('user:alice')
    .tasks.route({ target: 'finance', type: 'budget-request', description: 'New chairs.', ...task });
  const work = await takeWork(mesh, `agent:${routed.target}`);
  expect(work.task.id).toBe(routed.id);
  return work;
}

/** An agent claims its next task and begins. */
export async function takeWork(mesh: TestController, actor: string): Promise<Work> {
  const agent = mesh.as(actor);
  const claim = await claimOne(agent);
  const sessionId = claim.session.id;
  await agent.sessions.send(sessionId, 'activate');
  return { task: claim.task, claim, agent, tools: await openTools(mesh, actor, sessionId), sessionId };
}

/** The agent's turn ends with some last words. */
export function endTurn({ agent, claim }: Pick<Work, 'agent' | 'claim'>, told: readonly string[] = []) {
  return agent.tasks.reportTurn(claim.task.id, {
    lease_id: claim.lease_id,
    text: 'My turn is over.',
    told: [...told],
  });
}

/** A budget of 125,000, for which finance has asked and now waits; with the manager who is to decide. */
export async function startReview(mesh: TestController, task: Partial<z.input<typeof NewTask>> = {}) {
  const work = await startWork(mesh, { amount: 125_000, ...task });
  const asked = await work.tools.call('request_approval', { reason: 'We need it.' });
  await endTurn(work);
  const review = await takeWork(mesh, 'agent:manager');
  return { work, review, approvalId: String(asked['approval_id']) };
}

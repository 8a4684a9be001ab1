import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Claim, NewTask, Task } from '../../../src/core/task.ts';
import type { TestController } from '../../support/controller.ts';
import { holdingOf, openTools, type Tools } from './tools.ts';

type AgentClient = ReturnType<TestController['as']>;

/**
 * The next task of an agent that a test wants; what other tests have left behind is passed over. Fails the test if
 * none comes.
 */
export async function claimOne(
  client: AgentClient,
  isWanted: (claim: Claim) => boolean = () => true,
): Promise<Claim> {
  for (;;) {
    const claim = await client.tasks.claim(randomUUID(), 5000);
    if (claim === undefined) throw new Error('no work came');
    if (isWanted(claim)) return claim;
  }
}

/** The task comes back to the agent that works on it, whose tools go on under the new lease. */
export async function claimAgain({ agent, sessionId, tools }: Work): Promise<Claim> {
  const claim = await claimOne(agent, ({ session }) => session.id === sessionId);
  await tools.goOn(claim);
  return claim;
}

/** A task that an agent has begun to work on, as its supervisor and as its model see it. */
export interface Work {
  readonly task: Task;
  readonly claim: Claim;
  readonly agent: AgentClient;
  /** The agent as it works on the task under this claim. */
  readonly holder: AgentClient;
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
  return takeWork(mesh, `agent:${routed.target}`, ({ id }) => id === routed.id);
}

/** An agent claims a task and begins. */
export async function takeWork(
  mesh: TestController,
  actor: string,
  isWanted: (task: Task) => boolean = () => true,
): Promise<Work> {
  const agent = mesh.as(actor);
  const claim = await claimOne(agent, ({ task }) => isWanted(task));
  const holder = mesh.as(actor, holdingOf(claim));
  const sessionId = claim.session.id;
  await holder.sessions.send(sessionId, 'activate');
  return { task: claim.task, claim, agent, holder, tools: await openTools(mesh, actor, claim), sessionId };
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
  const approvalId = String(asked['approval_id']);
  const review = await takeReview(mesh, 'agent:manager', approvalId);
  return { work, review, approvalId };
}

/** The task that asks an agent to decide an approval. */
export const takeReview = (mesh: TestController, actor: string, approvalId: string) =>
  takeWork(mesh, actor, ({ approval_id }) => approval_id === approvalId);

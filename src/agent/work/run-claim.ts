import { isMeshError, messageOf } from '../../core/errors.ts';
import type { Claim } from '../../core/task.ts';
import type { AgentContext } from '../context.ts';
import type { TurnFailure } from '../goose/turn.ts';
import { type Activity, trackActivity } from './activity.ts';
import { openConversation } from './converse.ts';
import { keepLease } from './heartbeat.ts';
import { renderAnswers, renderContinuation, renderRefusal, renderTakeOver, renderTask } from './prompts.ts';
import { takeTurn } from './take-turn.ts';
import { tidyFolders } from './tidy.ts';

/** How often one claim goes on after Goose died, or after its result was refused, before it is given up. */
const MAX_DEATHS = 5;
const MAX_REFUSALS = 3;

export interface ClaimRun {
  /** The work on the same session that has to end first. */
  readonly after: Promise<void> | undefined;
  readonly signal: AbortSignal;
}

/** Works on one claimed task until it is over, waits for an answer, is lost, or `signal` aborts. Never throws. */
export async function runClaim(agent: AgentContext, claim: Claim, run: ClaimRun): Promise<void> {
  await holdClaim(agent, claim, run);
  await tidyFolders(agent, [claim.session.id], run.signal);
}

async function holdClaim(agent: AgentContext, claim: Claim, { after, signal }: ClaimRun): Promise<void> {
  const log = agent.log.child({ task: claim.task.id, session: claim.session.id });
  const lost = new AbortController();
  const stop = AbortSignal.any([signal, lost.signal]);
  using _lease = keepLease(agent.client, claim, (reason) => {
    log.warn({ reason }, 'the task was lost');
    lost.abort();
  });
  await after;
  try {
    if (stop.aborted) return;
    const failure = await work(agent, claim, stop, trackActivity(agent.client, claim.session.id, log));
    if (failure !== undefined) await giveUp(agent, claim, failure);
  } catch (error) {
    if (stop.aborted || (isMeshError(error) && LOST.has(error.code))) return;
    log.error({ err: error }, 'the task could not be worked on');
    await giveUp(agent, claim, { reason: messageOf(error), retryable: true }).catch((cause: unknown) => {
      // The lease runs out by itself and puts the task back.
      log.error({ err: cause }, 'the task could not be given back');
    });
  }
}

/** Answers of the controller that mean: somebody else has the task, or it has ended. */
const LOST = new Set(['lease_lost', 'task_closed']);

/** Talks with Goose until the controller says that this claim needs no more turns. Gives the reason if it failed. */
async function work(
  agent: AgentContext,
  claim: Claim,
  stop: AbortSignal,
  activity: Activity,
): Promise<TurnFailure | undefined> {
  const { task, session, lease_id } = claim;
  await using conversation = await openConversation(agent, claim);
  if (session.status === 'pending') await conversation.holder.sessions.send(session.id, 'activate');

  let lastMessage = firstMessage(claim);
  let message = lastMessage;
  let told = claim.answers.map(({ id }) => id);
  let deaths = 0;
  let refusals = 0;
  while (!stop.aborted) {
    const turn = { sessionId: session.id, conversation, message, activity, stop };
    const end = await takeTurn(agent, turn);
    await activity.flush();
    if (end.kind === 'cancelled') return undefined;
    if (end.kind === 'failed') return end.failure;
    if (end.kind === 'died') {
      deaths += 1;
      if (deaths > MAX_DEATHS) return { reason: `Goose died ${deaths} times`, retryable: true };
      await agent.client.tasks.heartbeat(task.id, lease_id);
      await conversation.reload();
      message = renderContinuation(lastMessage);
      continue;
    }
    const verdict = await agent.client.tasks.reportTurn(task.id, { lease_id, text: end.text, told });
    switch (verdict.next) {
      case 'done':
      case 'wait':
        return undefined;
      case 'answers':
        told = verdict.answers.map(({ id }) => id);
        lastMessage = renderAnswers(verdict.answers);
        break;
      case 'refused':
        refusals += 1;
        if (refusals > MAX_REFUSALS) return { reason: verdict.reason, retryable: false };
        told = [];
        lastMessage = renderRefusal(verdict.reason);
        break;
    }
    message = lastMessage;
  }
  return undefined;
}

function firstMessage({ task, session, answers, exchange }: Claim): string {
  if (exchange !== null) {
    const takeOver = renderTakeOver(task, exchange, answers);
    return session.conversation === null ? takeOver : renderContinuation(takeOver);
  }
  if (answers.length > 0) return renderAnswers(answers);
  return session.conversation === null ? renderTask(task) : renderContinuation(renderTask(task));
}

async function giveUp(
  { client }: AgentContext,
  { task, lease_id }: Claim,
  failure: TurnFailure,
): Promise<void> {
  await client.tasks.fail(task.id, lease_id, { ...failure });
}

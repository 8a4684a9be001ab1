import type { AgentContext } from '../context.ts';
import { GooseDiedError } from '../goose/goose.ts';
import { explainRejection, findTurnFailure, type TurnFailure } from '../goose/turn.ts';
import type { Activity } from './activity.ts';
import type { OpenConversation } from './converse.ts';

export type TurnEnd =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly failure: TurnFailure }
  | { readonly kind: 'died' }
  | { readonly kind: 'cancelled' };

export interface Turn {
  readonly sessionId: string;
  readonly conversation: Pick<OpenConversation, 'id' | 'goose'>;
  readonly message: string;
  readonly activity: Activity;
  /** Cancels the turn when it aborts. */
  readonly stop: AbortSignal;
}

/** Sends one message to Goose and waits until it has nothing more to say. */
export async function takeTurn({ relay }: Pick<AgentContext, 'relay'>, turn: Turn): Promise<TurnEnd> {
  const { sessionId, conversation, message, activity, stop } = turn;
  const { goose, id } = conversation;
  const cancel = () => {
    void goose.cancel(id).catch(() => undefined);
    // Goose 1.52 hears of it only when its model says something, so the model's silence must end as well.
    relay.dismiss(sessionId);
  };
  stop.addEventListener('abort', cancel, { once: true });
  try {
    const response = await goose.prompt(id, message, (update) => {
      activity.observe(update);
    });
    const text = activity.takeLastWords();
    if (response.stopReason === 'cancelled' || stop.aborted) return { kind: 'cancelled' };
    const failure = findTurnFailure(response, text);
    return failure === undefined ? { kind: 'answered', text } : { kind: 'failed', failure };
  } catch (error) {
    if (stop.aborted) return { kind: 'cancelled' };
    if (error instanceof GooseDiedError) {
      activity.interrupted(error.message);
      return { kind: 'died' };
    }
    const failure = explainRejection(error);
    if (failure === undefined) throw error;
    return { kind: 'failed', failure };
  } finally {
    stop.removeEventListener('abort', cancel);
  }
}

import { UnknownValueError } from '../template.ts';
import type { ChatRequest, Conversation } from './conversation.ts';
import { readConversation } from './conversation.ts';
import { playNext, type Reply } from './play.ts';
import type { Line, RehearsalScript } from './script.ts';

/** One call that the model got, as it got it. */
export interface LedgerCall {
  readonly at: string;
  readonly role: string;
  readonly body: unknown;
}

/** A request that no line of the script fits, told by its shape and never by its texts. */
export interface Mismatch {
  readonly role: string;
  /** What is wrong with the line that fits; null if none does. */
  readonly reason: string | null;
  readonly lines: number;
  readonly messages: readonly string[];
  readonly results: readonly string[];
}

/** One rehearsal: the script of a run, and everything that the model was sent in it. */
export interface Stage {
  readonly ledger: readonly LedgerCall[];
  /** Resolves with the first request that no line fits. */
  readonly mismatch: Promise<Mismatch>;
  /** Resolves when the last line of every role has been asked for: no conversation has more to say. */
  readonly played: Promise<undefined>;
  play(role: string, request: ChatRequest): Reply | Mismatch;
}

export function openStage(script: RehearsalScript): Stage {
  const ledger: LedgerCall[] = [];
  const mismatched = Promise.withResolvers<Mismatch>();
  const played = Promise.withResolvers<undefined>();
  const unfinished = new Set(Object.keys(script));
  return {
    ledger,
    mismatch: mismatched.promise,
    played: played.promise,
    play(role, request) {
      ledger.push({ at: new Date().toISOString(), role, body: request });
      const conversation = readConversation(request);
      const lines = script[role] ?? [];
      const reply = tryToPlay(lines, conversation);
      if (typeof reply === 'object') {
        if (reply.line === lines.length - 1) unfinished.delete(role);
        if (unfinished.size === 0) played.resolve(undefined);
        return reply;
      }
      const mismatch = {
        role,
        reason: reply ?? null,
        lines: lines.length,
        messages: request.messages.map((message) => message.role),
        results: Object.keys(conversation.results),
      };
      mismatched.resolve(mismatch);
      return mismatch;
    },
  };
}

/** The reply, or the reason why the line that fits cannot be said. */
function tryToPlay(lines: readonly Line[], conversation: Conversation): Reply | string | undefined {
  try {
    return playNext(lines, conversation);
  } catch (error) {
    if (error instanceof UnknownValueError) return error.message;
    throw error;
  }
}

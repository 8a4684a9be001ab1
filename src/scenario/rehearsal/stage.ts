import type { ChatRequest } from './conversation.ts';
import { readConversation } from './conversation.ts';
import { playNext, type Reply } from './play.ts';
import type { RehearsalScript } from './script.ts';

/** One call that the model got, as it got it. */
export interface LedgerCall {
  readonly at: string;
  readonly role: string;
  readonly body: unknown;
}

/** A request that no line of the script fits, told by its shape and never by its texts. */
export interface Mismatch {
  readonly role: string;
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
      const reply = playNext(lines, conversation);
      if (reply?.line === lines.length - 1) unfinished.delete(role);
      if (unfinished.size === 0) played.resolve(undefined);
      if (reply !== undefined) return reply;
      const mismatch = {
        role,
        lines: lines.length,
        messages: request.messages.map((message) => message.role),
        results: Object.keys(conversation.results),
      };
      mismatched.resolve(mismatch);
      return mismatch;
    },
  };
}

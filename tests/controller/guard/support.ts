import { randomUUID } from 'node:crypto';
import type { CallPermit, GuardCall } from '../../../src/core/guard.ts';

/** The row of a call that has ended well. */
export function endedCall(changes: Partial<GuardCall> = {}): GuardCall {
  return {
    id: randomUUID(),
    agent: 'finance',
    session_id: null,
    shape: 'openai-chat',
    model: 'rehearsal',
    mode: 'auto',
    streamed: true,
    status: 200,
    refused: null,
    masked: { US_SSN: 2 },
    restored: { US_SSN: 1 },
    contained: {},
    tokens_in: 100,
    tokens_out: 10,
    overhead_ms: 0.4,
    first_token_ms: 50,
    duration_ms: 120,
    ...changes,
  };
}

/** What a guard asks with, before it sends a call. */
export function permitFor({ id, session_id, shape, model, mode, streamed }: GuardCall): CallPermit {
  return { id, session_id, shape, model, mode, streamed };
}

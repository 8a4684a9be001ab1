import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MeshError, messageOf } from '../core/errors.ts';
import type { GuardCall } from '../core/guard.ts';
import type { Logger } from '../core/log.ts';

/** Leaves one row for every call. Rows wait in memory until the controller has them. */
export interface Audit {
  /** Opens the row of a call. Throws MeshError `unavailable` when no more rows fit: no call goes without one. */
  open(call: CallHead, onEnd?: (row: GuardCall) => void): AuditEntry;
  /** Waits for open rows and sends what waits, for some seconds at most, and stops. */
  close(): Promise<void>;
}

/** The row of a call that is going on. */
export interface AuditEntry {
  readonly id: string;
  note(facts: Partial<Facts>): void;
  /** The first piece of the answer goes to the agent. */
  begin(): void;
  /** Closes the row; whatever comes after that changes nothing. */
  end(facts: Partial<Facts>): void;
}

type CallHead = Pick<GuardCall, 'agent' | 'session_id' | 'shape'>;
type Facts = Omit<GuardCall, 'id' | keyof CallHead | 'duration_ms'>;

/** Rows that are open or wait, at most. */
const ROWS_MAX = 1000;
const BATCH_MAX = 500;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
const CLOSE_MS = 2000;

export function createAudit(report: (calls: readonly GuardCall[]) => Promise<unknown>, log: Logger): Audit {
  const waiting: GuardCall[] = [];
  const stopped = new AbortController();
  let open = 0;
  let isSending = false;
  let onIdle: (() => void) | undefined;

  return {
    open(call, onEnd) {
      if (open + waiting.length >= ROWS_MAX) {
        throw new MeshError(
          'unavailable',
          'The controller takes no audit rows, so the guard takes no more calls.',
        );
      }
      open += 1;
      return createEntry(call, (row) => {
        open -= 1;
        waiting.push(row);
        onEnd?.(row);
        if (!isSending) void send();
      });
    },

    async close() {
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      if (open + waiting.length > 0) await Promise.race([idle, sleep(CLOSE_MS, undefined, { ref: false })]);
      stopped.abort();
      if (waiting.length > 0) log.error({ rows: waiting.length }, 'audit rows lost');
    },
  };

  /** Rows that come while a batch is on its way make the next one. A row's id makes it harmless to send it twice. */
  async function send(): Promise<void> {
    isSending = true;
    for (let retryMs = FIRST_RETRY_MS; waiting.length > 0 && !stopped.signal.aborted; ) {
      const batch = waiting.slice(0, BATCH_MAX);
      try {
        await report(batch);
        waiting.splice(0, batch.length);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        log.warn({ rows: waiting.length, reason: messageOf(error) }, 'audit rows wait for the controller');
        await sleep(retryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
    isSending = false;
    if (open === 0) onIdle?.();
  }
}

function createEntry(call: CallHead, onEnd: (row: GuardCall) => void): AuditEntry {
  const id = randomUUID();
  const startedAt = performance.now();
  let ended = false;
  let facts: Facts = {
    model: '',
    mode: 'auto',
    streamed: false,
    status: 200,
    refused: null,
    masked: {},
    restored: {},
    contained: {},
    tokens_in: null,
    tokens_out: null,
    overhead_ms: 0,
    first_token_ms: null,
  };
  return {
    id,
    note(more) {
      facts = { ...facts, ...more };
    },
    begin() {
      facts = { ...facts, first_token_ms: facts.first_token_ms ?? performance.now() - startedAt };
    },
    end(more) {
      if (ended) return;
      ended = true;
      onEnd({ id, ...call, ...facts, ...more, duration_ms: performance.now() - startedAt });
    },
  };
}

import type { MeshEvent } from '../../core/event.ts';
import type { Logger } from '../../core/log.ts';
import type { Queryable } from '../../store/database.ts';
import { readEndOfLog, readEvents, readHorizon } from '../../store/events.ts';

/** The growing end of the event log, read once for all who follow it in this process. */
export interface EventTail extends Disposable {
  /** Starts to follow the log from where it ends now. */
  open(): Promise<void>;
  /** Up to this seq the log is complete: no event at or below it can still appear. */
  readonly position: number;
  /** Calls the listener with every later event, in order. Returns the way to stop that. */
  subscribe(listener: (events: readonly MeshEvent[]) => void): () => void;
  /** Looks for new events; called whenever PostgreSQL says that there are some. */
  advance(): void;
}

const BATCH = 500;
const FIRST_GAP_WAIT_MS = 10;
const LONGEST_GAP_WAIT_MS = 500;

/**
 * Follows the log without losing events that commit out of order. Numbers are drawn before the commit, so event 7
 * can be visible while 6 is still on its way. The tail therefore stops at a gap until the missing event appears,
 * or until every transaction that could have drawn the number has ended.
 */
export function createEventTail(db: Queryable, log: Logger): EventTail {
  const listeners = new Set<(events: readonly MeshEvent[]) => void>();
  let position = 0;
  let gap: { readonly missing: number; readonly bound: number; waitMs: number } | undefined;
  let running = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  // Closed until it is opened, so that a notification cannot start it at the wrong end of the log.
  let closed = true;

  return {
    async open() {
      position = await readEndOfLog(db);
      closed = false;
    },
    get position() {
      return position;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    advance,
    [Symbol.dispose]() {
      closed = true;
      clearTimeout(timer);
    },
  };

  function advance(): void {
    again = true;
    if (running || closed) return;
    running = true;
    clearTimeout(timer);
    void readAll()
      .catch((error: unknown) => {
        // The listening connection will break as well, and its return calls advance again.
        log.debug({ err: error }, 'the event log cannot be read now');
      })
      .finally(() => {
        running = false;
        if (again && !closed) advance();
      });
  }

  async function readAll(): Promise<void> {
    while (again && !closed) {
      again = false;
      // The horizon comes first: what is missing from a later read although all its writers had ended stays missing.
      const oldestRunning = gap === undefined ? undefined : (await readHorizon(db)).oldest_running;
      const events = await readEvents(db, { after: position, upTo: Number.MAX_SAFE_INTEGER, limit: BATCH });
      const ready = takeComplete(events, oldestRunning);
      deliver(ready);
      if (ready.length < events.length) await noteGap();
      else if (events.length === BATCH) again = true;
    }
  }

  /** The events up to the first gap that may still be filled. */
  function takeComplete(
    events: readonly MeshEvent[],
    oldestRunning: number | undefined,
  ): readonly MeshEvent[] {
    let expected = position + 1;
    for (const [index, event] of events.entries()) {
      const isFinal = gap?.missing === expected && oldestRunning !== undefined && oldestRunning >= gap.bound;
      if (event.seq !== expected && !isFinal) return events.slice(0, index);
      expected = event.seq + 1;
    }
    gap = undefined;
    return events;
  }

  /** A commit would wake us, but a rollback says nothing: look again, at once and then ever later. */
  async function noteGap(): Promise<void> {
    const missing = position + 1;
    if (gap?.missing === missing) {
      timer = setTimeout(advance, gap.waitMs);
      gap.waitMs = Math.min(gap.waitMs * 2, LONGEST_GAP_WAIT_MS);
    } else {
      gap = { missing, bound: (await readHorizon(db)).next_unassigned, waitMs: FIRST_GAP_WAIT_MS };
      again = true;
    }
  }

  function deliver(events: readonly MeshEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    position = last.seq;
    for (const listener of listeners) listener(events);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { MeshEvent } from '../../core/event.ts';
import type { Logger } from '../../core/log.ts';
import type { Queryable } from '../../store/database.ts';
import { listEventWriters, readEndOfLog, readEvents } from '../../store/events.ts';

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
/** What comes within this time after a read is read together: a busy log is not read anew for every event. */
const GATHER_MS = 4;
const FIRST_GAP_WAIT_MS = 10;
const LONGEST_GAP_WAIT_MS = 500;
const RETRY_MS = 1000;

/** What was missing below `below` while these transactions wrote to the log stays missing once they have all ended. */
interface Gap {
  readonly below: number;
  readonly writers: readonly string[];
  waitMs: number;
}

/**
 * Follows the log without losing events that commit out of order. Numbers are drawn before the commit, so event 7
 * can be visible while 6 is still on its way. The tail therefore stops at a gap until the missing event appears,
 * or until every transaction that could have drawn the number has ended.
 */
export function createEventTail(db: Queryable, log: Logger): EventTail {
  const listeners = new Set<(events: readonly MeshEvent[]) => void>();
  let position = 0;
  let gap: Gap | undefined;
  let running = false;
  let again = false;
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  // Closed until it is opened, so that a notification cannot start it at the wrong end of the log.
  let closed = true;

  return {
    async open() {
      const end = await readEndOfLog(db);
      await untilEnded(await listEventWriters(db));
      position = end;
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
        // Mostly the database is away, and the listening connection calls when it is back; but not always both break.
        log.debug({ err: error }, 'the event log cannot be read now');
        if (!closed) timer = setTimeout(advance, RETRY_MS);
      })
      .finally(() => {
        running = false;
        if (again && !closed) advance();
      });
  }

  async function readAll(): Promise<void> {
    while (again && !closed) {
      const restMs = lastReadAt + GATHER_MS - performance.now();
      if (restMs > 0) await sleep(restMs);
      lastReadAt = performance.now();
      again = false;
      // Writers come first: what is missing from a later read although they had ended stays missing.
      const settledBelow = gap !== undefined && (await haveEnded(gap.writers)) ? gap.below : 0;
      const events = await readEvents(db, { after: position, upTo: Number.MAX_SAFE_INTEGER, limit: BATCH });
      const ready = takeComplete(events, settledBelow);
      deliver(ready);
      if (ready.length < events.length) {
        await waitForGap(events.slice(ready.length));
      } else {
        gap = undefined;
        again ||= events.length === BATCH;
      }
    }
  }

  /** The events up to the first gap that may still be filled. */
  function takeComplete(events: readonly MeshEvent[], settledBelow: number): readonly MeshEvent[] {
    let expected = position + 1;
    for (const [index, { seq }] of events.entries()) {
      if (seq !== expected && seq > settledBelow) return events.slice(0, index);
      expected = seq + 1;
    }
    return events;
  }

  /** A commit would wake us, but a rollback says nothing: look again, ever later. */
  async function waitForGap(held: readonly MeshEvent[]): Promise<void> {
    const [first, last] = [held[0]?.seq ?? 0, held.at(-1)?.seq ?? 0];
    if (gap === undefined || first > gap.below) {
      gap = { below: last, writers: await listEventWriters(db), waitMs: FIRST_GAP_WAIT_MS };
    }
    if (gap.writers.length === 0) {
      again = true;
      return;
    }
    timer = setTimeout(advance, gap.waitMs);
    gap.waitMs = Math.min(gap.waitMs * 2, LONGEST_GAP_WAIT_MS);
  }

  function deliver(events: readonly MeshEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    position = last.seq;
    for (const listener of listeners) listener(events);
  }

  async function haveEnded(writers: readonly string[]): Promise<boolean> {
    if (writers.length === 0) return true;
    const writing = new Set(await listEventWriters(db));
    return !writers.some((writer) => writing.has(writer));
  }

  async function untilEnded(writers: readonly string[]): Promise<void> {
    while (!(await haveEnded(writers))) await sleep(FIRST_GAP_WAIT_MS);
  }
}

import { compileFilter, type EventFilter, kindsOf, type MeshEvent } from '../../core/event.ts';
import { readEvents } from '../../store/events.ts';
import type { Deps } from '../deps.ts';

export interface FollowEvents {
  readonly after: number;
  readonly filter: EventFilter;
  /** Only events on behalf of this actor, which the log can look for. */
  readonly owner?: string | undefined;
  /** True for events that the reader may see. */
  readonly sees: (event: MeshEvent) => boolean;
  readonly signal: AbortSignal;
  /** Called at once when the reader falls too far behind, which may be stuck in what it reads. */
  readonly onTooSlow?: () => void;
}

const BATCH = 500;
/** A reader that is this far behind is let go. */
const LONGEST_QUEUE = 10_000;

/** Thrown at a reader that fell too far behind. It resumes after the last event that it has, and loses nothing. */
export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/**
 * Yields batches of events in order: first what the log holds already, then what the tail brings.
 *
 * @throws TooSlowError
 */
export async function* followEvents(
  deps: Pick<Deps, 'db' | 'tail'>,
  follow: FollowEvents,
): AsyncGenerator<readonly MeshEvent[], void, undefined> {
  const { sees, signal } = follow;
  const queue = createQueue(signal, follow.onTooSlow);
  const passes = compileFilter(follow.filter);
  const unsubscribe = deps.tail.subscribe((events) => {
    queue.push(events.filter((event) => passes(event) && sees(event)));
  });
  try {
    // What the tail brings from here on is queued, so the log need only be read up to where the tail stands now.
    const upTo = deps.tail.position;
    yield* readPast(deps, follow, upTo);
    // Another controller may have been further when it gave the reader its last event.
    const read = Math.max(upTo, follow.after);
    for await (const events of queue) yield events.filter(({ seq }) => seq > read);
  } finally {
    unsubscribe();
  }
}

async function* readPast(
  { db }: Pick<Deps, 'db'>,
  { after, filter, owner, sees, signal }: FollowEvents,
  upTo: number,
): AsyncGenerator<readonly MeshEvent[], void, undefined> {
  const { trace_id: traceId, subject } = filter;
  const read = { upTo, limit: BATCH, traceId, subject, owner, kinds: kindsOf(filter) };
  let last = after;
  while (last < upTo && !signal.aborted) {
    const events = await readEvents(db, { ...read, after: last });
    last = events.length < BATCH ? upTo : (events.at(-1)?.seq ?? upTo);
    yield events.filter(sees);
  }
}

/** Batches waiting for one reader. Ends when the signal aborts, breaks when the reader falls too far behind. */
function createQueue(signal: AbortSignal, onTooSlow: (() => void) | undefined) {
  let waiting: MeshEvent[] = [];
  let wake: (() => void) | undefined;
  let overflown = false;
  signal.addEventListener('abort', () => wake?.());

  return {
    push(events: readonly MeshEvent[]): void {
      if (events.length === 0 || overflown) return;
      overflown = waiting.length + events.length > LONGEST_QUEUE;
      if (overflown) waiting = [];
      else waiting.push(...events);
      if (overflown) onTooSlow?.();
      wake?.();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<readonly MeshEvent[], void, undefined> {
      while (!signal.aborted) {
        if (overflown)
          throw new TooSlowError(`more than ${LONGEST_QUEUE} events were waiting for the reader`);
        if (waiting.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        const batch = waiting;
        waiting = [];
        yield batch;
      }
    },
  };
}

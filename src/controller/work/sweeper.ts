import type { EventKind, MeshEvent } from '../../core/event.ts';
import type { LivingState } from '../../core/session.ts';
import type { Deps } from '../deps.ts';
import { shortestRetentionMs } from './retention.ts';
import { sweep } from './sweep.ts';
import { timeOutSeconds } from './time-outs.ts';

/** setTimeout takes at most 2^31 - 1 ms, 24 days. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
const RETRY_MS = 2000;
/** Slightly late, so that what is due by the database's clock really is. */
const SLACK_MS = 5;

/**
 * Sleeps until the next thing is due and then sweeps. Whatever sets an earlier due time leaves an event, here or in
 * another controller, and the event wakes the sweeper: it never looks without a reason.
 */
export function startSweeper(deps: Deps): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;
  let closed = false;
  const eraseMs = erasedAfter(deps);

  const unsubscribe = deps.tail.subscribe((events) => {
    for (const event of events) {
      const dueMs = dueAfter(deps, event, eraseMs);
      if (dueMs !== undefined) sleepAtMost(dueMs);
    }
  });
  sleepAtMost(0);
  return {
    [Symbol.dispose]() {
      closed = true;
      unsubscribe();
      clearTimeout(timer);
    },
  };

  function sleepAtMost(ms: number): void {
    const at = performance.now() + ms + SLACK_MS;
    if (closed || at >= wakesAt) return;
    clearTimeout(timer);
    wakesAt = at;
    timer = setTimeout(() => void run(), Math.min(ms + SLACK_MS, LONGEST_SLEEP_MS));
  }

  async function run(): Promise<void> {
    wakesAt = Number.POSITIVE_INFINITY;
    sleepAtMost(Math.max(0, await sweepOnce()));
  }

  async function sweepOnce(): Promise<number> {
    try {
      const { failed, nextMs } = await sweep(deps);
      return failed === 0 ? nextMs : Math.max(nextMs, RETRY_MS);
    } catch (error) {
      if (!closed) deps.log.warn({ err: error }, 'the sweep failed; it will be tried again');
      return RETRY_MS;
    }
  }
}

/** Milliseconds after which an event may make something due; undefined if it does not. */
function dueAfter(deps: Deps, event: MeshEvent, eraseMs: number | undefined): number | undefined {
  const dueMs = [timedBy(deps, event), LETS_GO.has(event.kind) ? eraseMs : undefined];
  const known = dueMs.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Where a role's content counts from, and where a session may just have been told the answer that it waited for. */
const LETS_GO: ReadonlySet<EventKind> = new Set<EventKind>([
  'task.completed',
  'task.failed',
  'task.cancelled',
  'task.completion_refused',
  'session.paused',
  'session.completed',
  'session.failed',
  'session.expired',
  'session.deleted',
  'notification.sent',
]);

/** Many of these events at once are one sweep. */
const GATHER_MS = 250;

function erasedAfter(deps: Deps): number | undefined {
  const shortestMs = shortestRetentionMs(deps);
  return shortestMs === undefined ? undefined : Math.max(shortestMs, GATHER_MS);
}

function timedBy(deps: Deps, event: MeshEvent): number | undefined {
  const { config } = deps;
  switch (event.kind) {
    case 'task.claimed':
      return config.lease_seconds * 1000;
    case 'task.released':
      return 0;
    case 'task.routed':
    case 'task.edited':
      return msUntil(event, ['deadline']);
    case 'agent.ready':
    case 'agent.refused':
    case 'agent.stopped':
      return config.agent_gone_seconds * 1000;
    case 'approval.requested':
    case 'approval.advanced':
    case 'approval.escalated':
      return msUntil(event, ['expires_at', 'due_at']);
    case 'session.created':
      return timeOutMs(deps, event, 'pending');
    case 'session.activated':
    case 'session.resumed':
      return timeOutMs(deps, event, 'active');
    case 'session.paused':
      return timeOutMs(deps, event, 'paused');
    default:
      return undefined;
  }
}

/** From the event, whose time is of the same clock, to the first of the moments that it names. */
function msUntil({ at, data }: MeshEvent, names: readonly string[]): number | undefined {
  const moments = names.flatMap((name) => (typeof data[name] === 'string' ? [Date.parse(data[name])] : []));
  return moments.length === 0 ? undefined : Math.max(0, Math.min(...moments) - Date.parse(at));
}

function timeOutMs(deps: Deps, { data: { role } }: MeshEvent, state: LivingState): number | undefined {
  return typeof role === 'string' ? timeOutSeconds(deps, role, state) * 1000 : undefined;
}

import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { MeshError } from '../../core/errors.ts';
import { EventFilter, type MeshEvent, STARTS_AFTER_HEADER } from '../../core/event.ts';
import { readEndOfLog } from '../../store/events.ts';
import { readPrunedUpTo } from '../../store/prune.ts';
import { requireRight } from '../auth/authenticate.ts';
import { seesEvent } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { requireKnownKinds } from '../http/known-kinds.ts';
import { createRoutes, PROBLEMS, SECURED } from '../http/routes.ts';
import { outgoingOf, sendEvents } from '../stream/send-events.ts';

const LastEventId = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the number of an event')
  .transform(Number)
  .optional();

const stream = createRoute({
  method: 'get',
  path: '/events',
  summary: 'Follow the event log as server-sent events',
  description:
    'Resumes after Last-Event-ID, unless events after that were pruned (410); 0 starts at the beginning of what the log has. Without it the stream starts now.',
  security: SECURED,
  middleware: requireRight('events:read'),
  request: {
    headers: z.object({ 'last-event-id': LastEventId }),
    query: EventFilter,
  },
  responses: {
    200: {
      description:
        'MeshEvent as JSON in each message; a reader that falls too far behind gets a last one, of the event `dropped`',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...PROBLEMS,
  },
});

export function eventRoutes(deps: Deps) {
  return createRoutes().openapi(stream, async (c) => {
    const filter = c.req.valid('query');
    requireKnownKinds(filter.kind);
    const by = c.get('principal');
    const after = c.req.valid('header')['last-event-id'] ?? deps.tail.position;
    await requireThere(deps, after);
    c.header(STARTS_AFTER_HEADER, String(after));
    const owner = by.kind === 'user' ? by.actor : undefined;
    const sees = (event: MeshEvent) => seesEvent(by, event);
    const outgoing = outgoingOf(c);
    return streamSSE(c, (sse) => sendEvents(deps, sse, { after, filter, owner, sees, outgoing }));
  });
}

/**
 * A number that the log has not reached comes from another mesh, and whoever waits for what comes after waits in vain.
 * After one that was pruned there are events that the reader would never know it has missed.
 *
 * @throws MeshError invalid_request, gone
 */
async function requireThere({ db, tail }: Deps, seq: number): Promise<void> {
  // Another controller may be further than this one.
  const last = seq <= tail.position ? tail.position : await readEndOfLog(db);
  if (seq > last) throw isOfAnotherLog(seq, last);
  const pruned = seq === 0 || seq >= tail.position ? 0 : await readPrunedUpTo(db);
  if (seq >= pruned) return;
  throw new MeshError(
    'gone',
    `The events after ${seq} were pruned, up to ${pruned}: the log begins after that.`,
    {
      hint: `Send 0 for all that the log still has, or ${pruned} to say that you know of the gap.`,
      details: { pruned_up_to: pruned },
    },
  );
}

function isOfAnotherLog(seq: number, last: number): MeshError {
  return new MeshError(
    'invalid_request',
    `Expected the number of an event of this log, which ends at ${last}, found ${seq}.`,
    {
      hint: 'Leave Last-Event-ID out to begin with what happens now, or send 0 for the whole log.',
    },
  );
}

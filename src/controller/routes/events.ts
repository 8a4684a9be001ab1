import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { MeshError } from '../../core/errors.ts';
import { EventFilter, type MeshEvent, STARTS_AFTER_HEADER } from '../../core/event.ts';
import { readEndOfLog } from '../../store/events.ts';
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
    'Resumes after Last-Event-ID; 0 starts at the beginning of the log. Without it the stream starts now.',
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
    await requireWritten(deps, after);
    c.header(STARTS_AFTER_HEADER, String(after));
    const owner = by.kind === 'user' ? by.actor : undefined;
    const sees = (event: MeshEvent) => seesEvent(by, event);
    const outgoing = outgoingOf(c);
    return streamSSE(c, (sse) => sendEvents(deps, sse, { after, filter, owner, sees, outgoing }));
  });
}

/** A number that the log has not reached comes from another mesh, and whoever waits for what comes after waits in vain. */
async function requireWritten({ db, tail }: Deps, seq: number): Promise<void> {
  if (seq <= tail.position) return;
  // Another controller may be further than this one.
  const last = await readEndOfLog(db);
  if (seq <= last) return;
  throw new MeshError(
    'invalid_request',
    `Expected the number of an event of this log, which ends at ${last}, found ${seq}.`,
    {
      hint: 'Leave Last-Event-ID out to begin with what happens now, or send 0 for the whole log.',
    },
  );
}

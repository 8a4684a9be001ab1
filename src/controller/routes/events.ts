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
import { followEvents } from '../stream/follow.ts';

const KEEP_ALIVE_MS = 15_000;

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
      description: 'MeshEvent as JSON in each message',
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
    return streamSSE(c, async (sse) => {
      const stop = new AbortController();
      sse.onAbort(() => {
        stop.abort();
      });
      const keepAlive = setInterval(() => void sse.write(': still here\n\n'), KEEP_ALIVE_MS);
      try {
        const owner = by.kind === 'user' ? by.actor : undefined;
        const sees = (event: MeshEvent) => seesEvent(by, event);
        const { signal } = stop;
        for await (const events of followEvents(deps, { after, filter, owner, sees, signal })) {
          const text = events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join('');
          await sse.write(text);
        }
      } catch (error) {
        // Thrown on, it would only be printed. The reader comes back after the last event that it has.
        deps.log.debug({ err: error }, 'an event stream broke');
      } finally {
        clearInterval(keepAlive);
      }
    });
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

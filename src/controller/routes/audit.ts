import { createRoute, z } from '@hono/zod-openapi';
import { EventFilter, kindsOf } from '../../core/event.ts';
import { Timestamp } from '../../core/json.ts';
import { AuditEvent, EventSeal } from '../../core/seal.ts';
import { readAuditEvents } from '../../store/audit-events.ts';
import { listSeals } from '../../store/seals.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { requireKnownKinds } from '../http/known-kinds.ts';
import { answers, createRoutes, SECURED } from '../http/routes.ts';

const Position = z.coerce.number().int();

const seals = createRoute({
  method: 'get',
  path: '/audit/seals',
  summary: 'List the seals of the event log in their order',
  security: SECURED,
  middleware: requireRight('audit:read'),
  request: {
    query: z.object({
      after: Position.default(0).describe('The number of a seal'),
      limit: z.coerce.number().int().min(1).max(50).default(50),
    }),
  },
  responses: answers(z.array(EventSeal), 'Seals after that one; none when there are no more'),
});

const events = createRoute({
  method: 'get',
  path: '/audit/events',
  summary: 'Read the event log in its order',
  security: SECURED,
  middleware: requireRight('audit:read'),
  request: {
    query: EventFilter.extend({
      after: Position.default(Number.MIN_SAFE_INTEGER).describe('The number of an event'),
      up_to: Position.optional().describe('The last event; by default where the log is complete'),
      actor: z.string().optional(),
      since: Timestamp.optional().describe('Inclusive'),
      until: Timestamp.optional().describe('Exclusive'),
      limit: z.coerce.number().int().min(1).max(1000).default(1000),
    }),
  },
  responses: answers(
    z.array(AuditEvent),
    'Events after that one; fewer than the limit when there are no more',
  ),
});

export function auditRoutes({ db, tail }: Deps) {
  return createRoutes()
    .openapi(seals, async (c) => c.json([...(await listSeals(db, c.req.valid('query')))], 200))
    .openapi(events, async (c) => {
      const { trace_id: traceId, kind, up_to, ...read } = c.req.valid('query');
      requireKnownKinds(kind);
      // Beyond the tail an earlier event may still appear, which a reader that pages on would miss.
      const upTo = up_to ?? tail.position;
      const found = await readAuditEvents(db, { ...read, traceId, upTo, kinds: kindsOf({ kind }) });
      return c.json([...found], 200);
    });
}

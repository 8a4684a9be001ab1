import { createRoute, z } from '@hono/zod-openapi';
import { ActivityReport } from '../../core/agent.ts';
import { PageQuery, pageOf } from '../../core/page.ts';
import {
  NewSession,
  SESSION_STATES,
  Session,
  SessionEventRequest,
  SessionPatch,
  SessionTransition,
} from '../../core/session.ts';
import { newTraceId, traceIdOf } from '../../core/trace.ts';
import { createSession } from '../../store/sessions/create.ts';
import { listSessions, listTransitions } from '../../store/sessions/read.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { IfMatchHeader, parseIfMatch } from '../http/if-match.ts';
import {
  answers,
  answersNothing,
  answersTagged,
  createRoutes,
  IdParam,
  SECURED,
  takes,
  takesPatch,
} from '../http/routes.ts';
import { hideJsonForLog } from '../work/data-rules.ts';
import { deleteSession } from '../work/delete-session.ts';
import { editSession, requireSmall } from '../work/edit-session.ts';
import { findSession } from '../work/find-session.ts';
import { noteConversation } from '../work/note-conversation.ts';
import { findProfile } from '../work/profiles.ts';
import { reportActivity } from '../work/report-activity.ts';
import { etagOf } from '../work/revision.ts';
import { sendSessionEvent } from '../work/transition-session.ts';

const create = createRoute({
  method: 'post',
  path: '/sessions',
  summary: 'Create a pending session',
  security: SECURED,
  middleware: requireRight('sessions:create'),
  request: takes(NewSession),
  responses: answersTagged(Session, 'The new session'),
});

const list = createRoute({
  method: 'get',
  path: '/sessions',
  summary: 'List sessions, newest first',
  security: SECURED,
  middleware: requireRight('sessions:read'),
  request: {
    query: PageQuery.extend({ role: z.string().optional(), status: z.enum(SESSION_STATES).optional() }),
  },
  responses: answers(pageOf(Session), 'One page'),
});

const get = createRoute({
  method: 'get',
  path: '/sessions/{id}',
  summary: 'Get a session',
  security: SECURED,
  middleware: requireRight('sessions:read'),
  request: { params: IdParam },
  responses: answersTagged(Session, 'The session'),
});

const edit = createRoute({
  method: 'patch',
  path: '/sessions/{id}',
  summary: 'Merge into the metadata of a session; its state stays as it is',
  security: SECURED,
  middleware: requireRight('sessions:edit'),
  request: { params: IdParam, headers: IfMatchHeader, ...takesPatch(SessionPatch) },
  responses: answersTagged(Session, 'The session after the patch'),
});

const remove = createRoute({
  method: 'delete',
  path: '/sessions/{id}',
  summary: 'Delete a session that neither works nor waits',
  security: SECURED,
  middleware: requireRight('sessions:delete'),
  request: { params: IdParam },
  responses: answersNothing('It is gone'),
});

const send = createRoute({
  method: 'put',
  path: '/sessions/{id}/events',
  summary: 'Send an event to the state machine of a session',
  security: SECURED,
  middleware: requireRight('sessions:transition'),
  request: { params: IdParam, headers: IfMatchHeader, ...takes(SessionEventRequest) },
  responses: answersTagged(
    Session,
    'The session after the event; unchanged if the event only repeats the last one',
  ),
});

const transitions = createRoute({
  method: 'get',
  path: '/sessions/{id}/transitions',
  summary: 'The history of a session',
  security: SECURED,
  middleware: requireRight('sessions:read'),
  request: { params: IdParam, query: PageQuery },
  responses: answers(pageOf(SessionTransition), 'Oldest first'),
});

const converse = createRoute({
  method: 'put',
  path: '/sessions/{id}/conversation',
  summary: 'Note which Goose conversation carries the session',
  security: SECURED,
  middleware: requireRight('sessions:report'),
  request: { params: IdParam, ...takes(z.strictObject({ conversation: z.string().min(1).max(200) })) },
  responses: answers(Session, 'The session'),
});

const report = createRoute({
  method: 'post',
  path: '/sessions/{id}/activity',
  summary: 'Report what Goose said and did',
  security: SECURED,
  middleware: requireRight('sessions:report'),
  request: { params: IdParam, ...takes(ActivityReport) },
  responses: answersNothing('It is in the log'),
});

export function sessionRoutes(deps: Deps) {
  return createRoutes()
    .openapi(create, async (c) => {
      const { role, metadata } = c.req.valid('json');
      const { actor } = c.get('principal');
      findProfile(deps, role);
      requireSmall(metadata ?? {});
      const session = await createSession(deps.db, {
        role,
        agent: null,
        owner: actor,
        task_id: null,
        trace_id: traceIdOf(c.req.header('traceparent')) ?? newTraceId(),
        metadata: hideJsonForLog(metadata ?? {}),
        actor,
      });
      return c.json(session, 200, { etag: etagOf(session) });
    })
    .openapi(list, async (c) => {
      const by = c.get('principal');
      const scope = by.kind === 'agent' ? { agent: by.name } : by.kind === 'user' ? { owner: by.actor } : {};
      const page = await listSessions(deps.db, { ...c.req.valid('query'), ...scope });
      return c.json({ items: [...page.items], next: page.next }, 200);
    })
    .openapi(get, async (c) => {
      const session = await findSession(deps, c.get('principal'), c.req.valid('param').id);
      return c.json(session, 200, { etag: etagOf(session) });
    })
    .openapi(edit, async (c) => {
      const by = c.get('principal');
      const { id } = await findSession(deps, by, c.req.valid('param').id);
      const ifMatch = parseIfMatch(c.req.valid('header')['if-match']);
      const session = await editSession(deps, { by, id, patch: c.req.valid('json'), ifMatch });
      return c.json(session, 200, { etag: etagOf(session) });
    })
    .openapi(remove, async (c) => {
      const by = c.get('principal');
      const { id } = await findSession(deps, by, c.req.valid('param').id);
      await deleteSession(deps, by, id);
      return c.body(null, 204);
    })
    .openapi(send, async (c) => {
      const by = c.get('principal');
      const { id } = c.req.valid('param');
      const { event, reason } = c.req.valid('json');
      const ifMatch = parseIfMatch(c.req.valid('header')['if-match']);
      const session = await sendSessionEvent(deps, { by, id, event, reason, ifMatch });
      return c.json(session, 200, { etag: etagOf(session) });
    })
    .openapi(transitions, async (c) => {
      const { id } = await findSession(deps, c.get('principal'), c.req.valid('param').id);
      const { items, next } = await listTransitions(deps.db, id, c.req.valid('query'));
      return c.json({ items: [...items], next }, 200);
    })
    .openapi(converse, async (c) => {
      const { id } = await findSession(deps, c.get('principal'), c.req.valid('param').id);
      const { conversation } = c.req.valid('json');
      return c.json(await noteConversation(deps, c.get('principal'), id, conversation), 200);
    })
    .openapi(report, async (c) => {
      const session = await findSession(deps, c.get('principal'), c.req.valid('param').id);
      await reportActivity(deps, session, c.get('principal').actor, c.req.valid('json').entries);
      return c.body(null, 204);
    });
}

import { Hono } from 'hono';
import { MeshError } from '../core/errors.ts';
import type { GuardCall } from '../core/guard.ts';
import type { Logger } from '../core/log.ts';
import { SessionId } from '../core/session.ts';
import type { Audit } from './audit.ts';
import type { Authenticate } from './authenticate.ts';
import type { Gate } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { pickHeaders } from './passed-headers.ts';
import { describeSafely, nameRefusal, toAnthropicError, toOpenaiError, toRefusal } from './refusal.ts';
import { type Call, type RelayDeps, relay, relayModels } from './relay.ts';
import { anthropicCountTokens, anthropicMessages } from './shapes/anthropic-messages.ts';
import { openaiChat } from './shapes/openai-chat.ts';
import { openaiEmbeddings } from './shapes/openai-embeddings.ts';
import { openaiResponses } from './shapes/openai-responses.ts';
import type { Shape } from './shapes/shape.ts';

export interface GuardDeps extends RelayDeps {
  readonly authenticate: Authenticate;
  readonly audit: Audit;
  readonly gate: Gate;
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
}

/** What the guard serves. */
interface Route {
  readonly method: 'GET' | 'POST';
  /** Behind `BASE`. */
  readonly path: string;
  /** As the audit names it. */
  readonly name: string;
  serve(deps: GuardDeps, call: Call): Promise<Response>;
}

const SHAPES: readonly Shape[] = [
  openaiChat,
  openaiResponses,
  openaiEmbeddings,
  anthropicMessages,
  anthropicCountTokens,
];

const ROUTES: readonly Route[] = [
  ...SHAPES.map(
    (shape): Route => ({
      method: 'POST',
      path: shape.path,
      name: shape.name,
      serve: (deps, call) => relay(shape, deps, call),
    }),
  ),
  { method: 'GET', path: '/models', name: 'models', serve: relayModels },
];

export function createApp(deps: GuardDeps): Hono {
  const app = new Hono();
  app.get('/health/live', (c) => c.json({ status: 'live' }));
  app.get('/health/ready', (c) =>
    deps.isReady()
      ? c.json({ status: 'ready' })
      : c.json({ status: 'waiting for the keys of the controller' }, 503),
  );
  app.get('/metrics', async (c) => {
    await deps.authenticate(c.req.raw.headers.get('authorization'), { admin: true });
    return c.text(await deps.metrics.read(), 200, { 'content-type': deps.metrics.contentType });
  });
  app.all('*', (c) => serve(deps, c.req.raw, c.req.path));
  app.onError((error, c) => refuse(error, toErrorOf(c.req.raw, c.req.path), deps.log));
  return app;
}

/** Strangers leave no row: they could fill the audit until the agent itself is refused. */
async function serve(deps: GuardDeps, request: Request, path: string): Promise<Response> {
  const route = findRoute(request.method, path);
  const caller = await deps.authenticate(readAuthorization(request.headers));
  const sessionId = SessionId.safeParse(caller.sessionId).data ?? null;
  const ends: ((row: GuardCall) => void)[] = [];
  const entry = deps.audit.open({ agent: caller.name, session_id: sessionId, shape: route.name }, (row) => {
    for (const end of ends) end(row);
  });
  ends.push(deps.metrics.begin());
  try {
    ends.push(deps.gate.enter());
    return await route.serve(deps, {
      request,
      caller,
      sessionId,
      entry,
      passed: pickHeaders(request.headers),
      toError: toErrorOf(request, path),
    });
  } catch (error) {
    if (request.signal.aborted) {
      entry.end({ status: CLIENT_CLOSED_REQUEST });
      return new Response(null, { status: CLIENT_CLOSED_REQUEST });
    }
    const refusal = toRefusal(error);
    entry.end({ status: refusal.status, refused: nameRefusal(refusal) });
    throw error;
  }
}

/** Nobody gets it; the audit row has it, as in nginx's logs. */
const CLIENT_CLOSED_REQUEST = 499;

function findRoute(method: string, path: string): Route {
  const known = ROUTES.filter((route) => isServedAt(route, path));
  if (known.length === 0) throw new MeshError('not_found', 'The guard serves nothing under this path.');
  const route = known.find((candidate) => candidate.method === method);
  if (route !== undefined) return route;
  const methods = known.map((candidate) => candidate.method).join(' and ');
  throw new MeshError('method_not_allowed', `The path takes ${methods} only.`);
}

/** Under any prefix, since Goose is given one of its own (`mesh/v1/…`), and as clients of Azure write it. */
const BASE = /(?:\/v1|\/openai(?:\/deployments\/[^/]+)?)$/;

function isServedAt(route: Pick<Route, 'path'>, path: string): boolean {
  return path.endsWith(route.path) && BASE.test(path.slice(0, -route.path.length));
}

/** Clients of Anthropic and of Azure have headers of their own for their key. */
function readAuthorization(headers: Headers): string | null {
  const key = headers.get('x-api-key') ?? headers.get('api-key');
  return headers.get('authorization') ?? (key === null ? null : `Bearer ${key}`);
}

/** Errors have the form of the API that the caller speaks, which Anthropic's clients tell by a header as well. */
function toErrorOf({ headers }: Request, path: string): Shape['toError'] {
  const shape = SHAPES.find((candidate) => isServedAt(candidate, path));
  return shape?.toError ?? (headers.has('anthropic-version') ? toAnthropicError : toOpenaiError);
}

function refuse(error: unknown, toError: Shape['toError'], log: Logger): Response {
  const { status, code, message, details } = toRefusal(error);
  if (code === 'internal') log.error(describeSafely(error), 'the guard failed');
  else log.warn({ status, code, reason: message }, 'call refused');
  const headers = {
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(typeof details['retry_after'] === 'number' ? { 'retry-after': String(details['retry_after']) } : {}),
  };
  return Response.json(toError({ status, code, message }), { status, headers });
}

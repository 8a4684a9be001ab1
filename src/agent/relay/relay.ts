import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Agent } from 'undici';
import type { Logger } from '../../core/log.ts';
import { forward } from './forward.ts';

/** What one conversation may use: a token source bound to its session, and its trace. */
export interface RelayedSession {
  token(): Promise<string>;
  readonly traceId: string;
}

export interface RelayOptions {
  readonly controllerUrl: string;
  readonly guardUrl: string;
  /** The agent's own token, for calls that belong to no conversation. */
  readonly agentToken: () => Promise<string>;
  readonly log: Logger;
}

/**
 * The door between Goose and the mesh, on loopback. Goose talks to it with a key that is worth nothing elsewhere,
 * and it adds tokens that are fresh, live minutes, and are bound to the conversation that calls. So Goose holds no
 * token that could expire in the middle of a turn, leak into its database, or be read by its shell tool; and a
 * controller that restarts meanwhile is waited for instead of being reported to the model.
 */
export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** Path of the model below the URL, for OPENAI_BASE_PATH. */
  readonly modelPath: string;
  readonly key: string;
  /** Lets a session through. */
  admit(sessionId: string, session: RelayedSession): Admission;
  /** Says which of Goose's conversations carries the session, as Goose names it in its calls to the model. */
  bind(sessionId: string, conversation: string): void;
  /** Lets a session through no longer, and ends its calls that are under way: Goose itself lets them run on. */
  dismiss(sessionId: string): void;
}

/** By what a session gets through. */
export interface Admission {
  /** URL of its tools. */
  readonly toolsUrl: string;
  /** For a Goose that works for this session alone, instead of the key that all others share. */
  readonly key: string;
}

/** Whoever calls through the relay: a session, or Goose by itself. */
interface Caller {
  token(): Promise<string>;
  readonly traceId: string | undefined;
  /** Aborts when the session is dismissed. */
  readonly leave: AbortController | undefined;
}

interface Admitted extends RelayedSession {
  readonly secret: string;
  readonly key: string;
  readonly leave: AbortController;
  conversation?: string;
}

const MODEL_PATH = 'model/v1/chat/completions';
/** Goose's name of the conversation in every call to the model. */
const CONVERSATION_HEADER = 'agent-session-id';

export async function openRelay(options: RelayOptions): Promise<Relay> {
  const key = makeKey();
  const sessions = new Map<string, Admitted>();
  const dispatcher = new Agent({ keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 });
  const server = createServer((request, response) => {
    void relay(request, response).catch((error: unknown) => {
      answerBroken(response, options.log, error);
    });
  });
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    modelPath: MODEL_PATH,
    key,
    admit(sessionId, session) {
      const secret = makeKey();
      const own = makeKey();
      sessions.set(sessionId, { ...session, secret, key: own, leave: new AbortController() });
      return { toolsUrl: `${url}/tools/${secret}`, key: own };
    },
    bind(sessionId, conversation) {
      const session = sessions.get(sessionId);
      if (session !== undefined) session.conversation = conversation;
    },
    dismiss(sessionId) {
      sessions.get(sessionId)?.leave.abort();
      sessions.delete(sessionId);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await dispatcher.close();
    },
  };

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url);
    const [, room, ...rest] = pathname.split('/');
    if (room === 'tools') return relayTools(request, response, rest.join('/'));
    const caller = room === 'model' ? findCaller(request.headers) : undefined;
    if (caller !== undefined)
      return pass(request, response, new URL(`/${rest.join('/')}`, options.guardUrl), caller);
    response.writeHead(403).end();
  }

  async function relayTools(
    request: IncomingMessage,
    response: ServerResponse,
    secret: string,
  ): Promise<void> {
    const session = [...sessions.values()].find((candidate) => candidate.secret === secret);
    if (session === undefined) {
      response.writeHead(403).end();
      return;
    }
    await pass(request, response, new URL('/mcp', options.controllerUrl), session);
  }

  /** Who calls the model: by a key of their own, or by the shared one and Goose's name of the conversation. */
  function findCaller({
    authorization,
    [CONVERSATION_HEADER]: name,
  }: IncomingHttpHeaders): Caller | undefined {
    const admitted = [...sessions.values()];
    if (authorization !== `Bearer ${key}`)
      return admitted.find((session) => authorization === `Bearer ${session.key}`);
    // A session that is not bound yet has no name either.
    const named = name === undefined ? undefined : admitted.find(({ conversation }) => conversation === name);
    return named ?? { token: options.agentToken, traceId: undefined, leave: undefined };
  }

  async function pass(
    request: IncomingMessage,
    response: ServerResponse,
    target: URL,
    caller: Caller,
  ): Promise<void> {
    const left = new AbortController();
    response.once('close', () => {
      left.abort();
    });
    const signal =
      caller.leave === undefined ? left.signal : AbortSignal.any([left.signal, caller.leave.signal]);
    const answer = await forward(request, { target, caller, dispatcher, signal });
    response.writeHead(answer.statusCode, answer.headers);
    await pipeline(answer.body, response);
  }
}

const makeKey = (): string => randomBytes(24).toString('base64url');

function answerBroken(response: ServerResponse, log: Logger, error: unknown): void {
  if (response.destroyed) return;
  if (error instanceof Error && error.name === 'AbortError') {
    response.destroy();
    return;
  }
  log.warn({ err: error }, 'a call of goose could not be relayed');
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(502, { 'content-type': 'application/json' })
      .end('{"error":{"message":"the mesh cannot be reached"}}');
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

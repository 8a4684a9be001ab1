import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request as send } from 'undici';
import { isMeshError } from '../../core/errors.ts';
import { toTraceparent } from '../../core/trace.ts';

export interface Forward {
  readonly target: URL;
  readonly caller: { token(): Promise<string>; readonly traceId: string | undefined };
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Dispatcher.ResponseData['body'];
}

/** How long a part of the mesh may be away before its absence is told to Goose. */
const PATIENCE_MS = 60_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

const REQUEST_HEADERS = [
  'accept',
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'agent-session-id',
];
const RESPONSE_HEADERS = ['content-type', 'cache-control', 'mcp-session-id', 'retry-after'];

/**
 * Sends Goose's call on with a fresh token. As long as nothing of an answer has arrived, a part that is away is
 * tried again: tools are idempotent by the id of the tool call, and a call to a model has no effect.
 */
export async function forward(incoming: IncomingMessage, options: Forward): Promise<Answer> {
  const body = await buffer(incoming);
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const answer = await attempt(incoming, body, options).catch((error: unknown) => {
      if (!isAway(error) || performance.now() > giveUpAt) throw error;
      return undefined;
    });
    if (answer !== undefined && (answer.statusCode !== 503 || performance.now() > giveUpAt)) return answer;
    await answer?.body.dump();
    await sleep(waitMs, undefined, { signal: options.signal });
  }
}

async function attempt(
  incoming: IncomingMessage,
  body: Buffer,
  { target, caller, dispatcher, signal }: Forward,
): Promise<Answer> {
  const response = await send(target, {
    method: incoming.method === 'GET' ? 'GET' : 'POST',
    headers: {
      ...pick(incoming.headers, REQUEST_HEADERS),
      authorization: `Bearer ${await caller.token()}`,
      ...(caller.traceId === undefined ? {} : { traceparent: toTraceparent(caller.traceId) }),
    },
    body: body.length === 0 ? null : body,
    dispatcher,
    signal,
  });
  const { statusCode, headers } = response;
  return { statusCode, headers: pick(headers, RESPONSE_HEADERS), body: response.body };
}

function pick(headers: IncomingMessage['headers'], names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, headers[name]]).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(found) as Record<string, string>;
}

/** Connection errors of Node and undici, and a controller that says so itself. */
function isAway(error: unknown): boolean {
  if (isMeshError(error)) return error.retryable;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return (
    typeof code === 'string' &&
    /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|UND_ERR_(SOCKET|CONNECT))/.test(code)
  );
}

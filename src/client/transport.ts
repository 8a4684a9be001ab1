import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { isMeshError, MeshError, messageOf } from '../core/errors.ts';
import type { Credentials } from '../core/identity.ts';
import { fromProblem } from '../core/problem.ts';
import { createTokenSource, type TokenSource } from './token.ts';

export interface TransportOptions {
  /** Base URL of the controller, or a function that finds it again: a restarted container may get another port. */
  readonly baseUrl: string | (() => Promise<string>);
  readonly credentials: Credentials;
  /** Binds the tokens to one session of an agent, for as long as it works on it under this lease. */
  readonly session?: { readonly id: string; readonly leaseId: string };
  /** How long a call that may be repeated goes on trying while the controller cannot be reached. 0: not at all. */
  readonly retryForMs?: number;
  /** How long one answer may take, unless its call says otherwise. */
  readonly timeoutMs?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether repeating the call is harmless. Default: every method but POST. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface Transport {
  /** Sends a call and returns its JSON body; undefined for an empty one. Throws MeshError. */
  call(call: Call): Promise<unknown>;
  /** Opens a streamed answer; the caller reads or destroys its body. */
  open(call: Call): Promise<Dispatcher.ResponseData>;
  token(): Promise<string>;
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 40;
const LONGEST_WAIT_MS = 250;
const TIMEOUT_MS = 30_000;
const TOKEN_TIMEOUT_MS = 10_000;

export function createTransport(options: TransportOptions): Transport {
  const dispatcher = new Agent({ keepAliveTimeout: 30_000, connect: { timeout: 5000 }, pipelining: 1 });
  const tokens = createTokenSource(fetchToken);
  // A closed client reaches nobody any more; trying again would keep the process alive for nothing.
  const closed = new AbortController();

  return {
    call: (call) => withRetries(call, () => callOnce(call)),
    open: (call) => withRetries(call, () => openOnce(call)),
    token: () => tokens.get(),
    async close() {
      closed.abort();
      await dispatcher.close();
    },
  };

  async function callOnce(call: Call): Promise<unknown> {
    const response = await openOnce(call);
    const text = await response.body.text();
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }

  async function openOnce(call: Call): Promise<Dispatcher.ResponseData> {
    const response = await sendWithToken(call, tokens);
    if (response.statusCode < 400) return response;
    throw fromProblem(response.statusCode, parseJson(await response.body.text()));
  }

  /** A 401 may mean a token that expired on the way or a controller with new keys: one more try with a new token. */
  async function sendWithToken(call: Call, source: TokenSource): Promise<Dispatcher.ResponseData> {
    const token = await source.get();
    const response = await send(call, { authorization: `Bearer ${token}` });
    if (response.statusCode !== 401) return response;
    await response.body.dump();
    source.discard(token);
    return send(call, { authorization: `Bearer ${await source.get()}` });
  }

  async function fetchToken() {
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...options.credentials });
    if (options.session !== undefined) {
      form.set('session_id', options.session.id);
      form.set('lease_id', options.session.leaseId);
    }
    const response = await send(
      { method: 'POST', path: '/oauth/token', timeoutMs: options.timeoutMs ?? TOKEN_TIMEOUT_MS },
      { 'content-type': 'application/x-www-form-urlencoded' },
      form.toString(),
    );
    const body = parseJson(await response.body.text());
    if (response.statusCode >= 400) throw fromProblem(response.statusCode, body);
    return body;
  }

  async function send(call: Call, headers: Record<string, string>, rawBody?: string) {
    const base = typeof options.baseUrl === 'string' ? options.baseUrl : await options.baseUrl();
    const url = new URL(call.path, base);
    for (const [key, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const json = call.body === undefined ? undefined : JSON.stringify(call.body);
    const timeout = call.timeoutMs ?? options.timeoutMs ?? TIMEOUT_MS;
    try {
      return await request(url, {
        method: call.method,
        headers: {
          accept: 'application/json',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
          ...call.headers,
        },
        body: rawBody ?? json ?? null,
        dispatcher,
        signal: call.signal ?? null,
        headersTimeout: timeout,
        bodyTimeout: timeout,
      });
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      throw new MeshError('unavailable', `The controller at ${base} cannot be reached: ${describe(error)}.`, {
        hint: 'Is the mesh up? `goose-mesh status` tells.',
        cause: error,
      });
    }
  }

  function stopRetrying({ signal }: Call): AbortSignal {
    return signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal]);
  }

  async function withRetries<T>(call: Call, attempt: () => Promise<T>): Promise<T> {
    const repeatable = call.repeatable ?? call.method !== 'POST';
    const giveUpAt = performance.now() + (repeatable ? (options.retryForMs ?? 0) : 0);
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        return await attempt();
      } catch (error) {
        const worthIt = isMeshError(error) && error.retryable && performance.now() + waitMs < giveUpAt;
        if (!worthIt || closed.signal.aborted) throw error;
        await sleep(waitMs * (0.5 + Math.random() / 2), undefined, { signal: stopRetrying(call) }).catch(
          (aborted: unknown) => {
            throw call.signal?.aborted === true ? aborted : error;
          },
        );
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return messageOf(cause);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import type { CallLimits } from '../core/budget.ts';
import type { GuardConfig } from '../core/config.ts';
import { MeshError } from '../core/errors.ts';
import { parseJson, readUpTo } from './body.ts';
import { createConnector, PRIVATE_ADDRESS } from './connector.ts';
import type { Failure } from './refusal.ts';
import { toFailure } from './upstream-error.ts';
import { presentKey, urlBelow } from './upstream-request.ts';

/** The model provider, reached with the provider's key. */
export interface Upstream {
  /** Throws MeshError `upstream_failed` if the provider cannot be reached, and the abort's reason after an abort. */
  send(call: UpstreamCall): Promise<UpstreamAnswer>;
  /** What an agent is told of an error of the provider's. */
  explain(status: number, answer: unknown): Failure;
  close(): Promise<void>;
}

/** Nothing of the agent's request goes out but what stands here: its headers could hold texts too. */
interface UpstreamCall {
  readonly method: 'GET' | 'POST';
  /** Below the base URL. */
  readonly path: string;
  readonly body?: string;
  readonly accept: 'application/json' | 'text/event-stream';
  /** The model that is asked, where one is. */
  readonly model?: string;
  /** Of the caller's headers those that may pass. */
  readonly passed: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export type UpstreamAnswer =
  | { readonly kind: 'answer'; readonly contentType: string; readonly body: AsyncIterable<Uint8Array> }
  | ({ readonly kind: 'error'; readonly retryAfter: string | undefined } & Failure);

/** Waits before a call is tried again of which nothing has gone out. */
const RETRY_MS = [200, 600];
/** Errors that come before there is a connection. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
/** As much of an error's body as is read, in bytes. */
const ERROR_MAX = 64 * 1024;

export function createUpstream(config: GuardConfig['upstream'], limits: CallLimits): Upstream {
  const dispatcher = new Agent({
    connect: createConnector({
      timeoutMs: limits.connect_seconds * 1000,
      privateHosts: config.private_hosts,
      ca: config.ca,
    }),
    headersTimeout: limits.first_byte_seconds * 1000,
    bodyTimeout: limits.silence_seconds * 1000,
  });
  return { send, explain, close: () => dispatcher.destroy() };

  /** `request` follows no redirect, so the key never goes to another host. */
  async function send(call: UpstreamCall): Promise<UpstreamAnswer> {
    const { statusCode, headers, body } = await sendSafely(call);
    // Without a listener, a body that breaks while nobody reads it would end the process.
    body.on('error', () => undefined);
    if (statusCode < 200 || statusCode > 299) {
      const read = await readUpTo(body, ERROR_MAX).catch(() => undefined);
      const error = explain(statusCode, parseJson(new TextDecoder().decode(read?.bytes)));
      return { kind: 'error', retryAfter: single(headers['retry-after']), ...error };
    }
    if ((single(headers['content-encoding']) ?? 'identity') !== 'identity') {
      await body.dump();
      throw new MeshError(
        'upstream_failed',
        'The model provider compressed its answer, which was not asked for.',
      );
    }
    return { kind: 'answer', contentType: single(headers['content-type']) ?? '', body };
  }

  /** Tries again as long as nothing was sent: what a provider may have got is not sent twice. */
  async function sendSafely(call: UpstreamCall): Promise<Dispatcher.ResponseData> {
    for (const waitMs of [...RETRY_MS, undefined]) {
      try {
        return await sendOnce(call);
      } catch (error) {
        call.signal.throwIfAborted();
        const code = codeOf(error);
        if (waitMs === undefined || !NOT_SENT.has(code)) throw unreachable(code);
        await sleep(waitMs, undefined, { signal: call.signal });
      }
    }
    throw unreachable('unknown reason');
  }

  function sendOnce(call: UpstreamCall): Promise<Dispatcher.ResponseData> {
    return request(urlBelow(config.base_url, call.path, call.model), {
      method: call.method,
      headers: {
        ...presentKey(config, call.path),
        ...call.passed,
        accept: call.accept,
        'accept-encoding': 'identity',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: call.body ?? null,
      dispatcher,
      signal: call.signal,
    });
  }

  function explain(status: number, answer: unknown): Failure {
    return toFailure(status, answer, config.api_key);
  }
}

function unreachable(code: string): MeshError {
  const why =
    code === PRIVATE_ADDRESS
      ? 'it has no address of the internet, and guard.private_hosts of mesh.yaml does not name it'
      : code;
  return new MeshError('upstream_failed', `The model provider cannot be reached (${why}).`);
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** The error's code alone: its message may quote what was sent. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  return typeof code === 'string' ? code : 'unknown reason';
}

import { Agent, request } from 'undici';
import type { GuardConfig } from '../core/config.ts';
import { MeshError } from '../core/errors.ts';
import { parseJson, readUpTo } from './body.ts';
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

/** A model may think for minutes before its first token and between two. */
const FIRST_BYTE_MS = 600_000;
const SILENCE_MS = 300_000;
const CONNECT_MS = 10_000;
/** As much of an error's body as is read, in bytes. */
const ERROR_MAX = 64 * 1024;

export function createUpstream(config: GuardConfig['upstream']): Upstream {
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_MS, ...(config.ca === undefined ? {} : { ca: config.ca }) },
    headersTimeout: FIRST_BYTE_MS,
    bodyTimeout: SILENCE_MS,
  });
  return { send, explain, close: () => dispatcher.destroy() };

  /** `request` follows no redirect, so the key never goes to another host. */
  async function send(call: UpstreamCall): Promise<UpstreamAnswer> {
    const { statusCode, headers, body } = await request(urlBelow(config.base_url, call.path, call.model), {
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
    }).catch((error: unknown) => {
      call.signal.throwIfAborted();
      throw new MeshError('upstream_failed', `The model provider cannot be reached (${codeOf(error)}).`);
    });
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

  function explain(status: number, answer: unknown): Failure {
    return toFailure(status, answer, config.api_key);
  }
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

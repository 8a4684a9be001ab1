import { isMeshError, MeshError } from '../core/errors.ts';
import { truncate } from '../core/text.ts';

/** Longest message that an agent gets, in UTF-16 units: Goose shows it to people and puts it into its history. */
const MESSAGE_MAX = 2000;

/** Why a call failed, before it has the form of any API. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The error body of OpenAI's API, which Goose and every OpenAI client reads. */
export function toOpenaiError({ status, code, message }: Failure) {
  return { error: { message: truncate(message, MESSAGE_MAX), type: typeOf(status), code } };
}

/** The error body, and the error event, of Anthropic's API. It has no place for a code but its own. */
export function toAnthropicError({ status, code, message }: Failure) {
  const ofStatus = ANTHROPIC_TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  const type = [...ANTHROPIC_TYPES.values()].includes(code) ? code : ofStatus;
  return { type: 'error', error: { type, message: truncate(message, MESSAGE_MAX) } };
}

/** https://docs.anthropic.com/en/api/errors */
const ANTHROPIC_TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

/** An error as the agent sees it. One that we do not know may quote what the agent said, so it says nothing. */
export function toRefusal(error: unknown): MeshError {
  if (isMeshError(error)) return error;
  return new MeshError('internal', 'The guard failed and stopped the call.', { cause: error });
}

/** Why the guard refused a call, for the audit; null where it was the provider that failed. */
export function nameRefusal({ code, details }: MeshError): string | null {
  if (code === 'upstream_failed') return null;
  return typeof details['path'] === 'string' ? `${code}: ${truncate(details['path'], 150)}` : code;
}

/** An unknown error for the log: its kind and where it came from, but not its message, which may quote a text. */
export function describeSafely(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, code: Reflect.get(error, 'code') as unknown, at: frames?.slice(0, 8) };
}

function typeOf(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 402:
      return 'insufficient_quota';
    case 403:
      return 'permission_error';
    case 429:
      return 'rate_limit_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'server_error';
  }
}

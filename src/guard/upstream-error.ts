import { isJsonObject } from '../core/json.ts';
import { createErrorBody, type ErrorBody } from './refusal.ts';

/** What the agent gets instead of a provider's error. */
export interface ClientError {
  readonly status: number;
  readonly body: ErrorBody;
}

/**
 * The status passes, so that Goose reacts as to the provider itself: 402 ends the prompt, 429 and 5xx are tried
 * again. But a 401 concerns the guard's key, and Goose would take it for its own; and a redirect is not followed.
 * Placeholders in the message stay: it goes into logs and reports.
 */
export function toClientError(status: number, answer: unknown, apiKey: string): ClientError {
  if (status === 401) return createClientError(502, "The model provider refused the guard's key.");
  if (status < 400) return createClientError(502, `The model provider answered with HTTP ${status}.`);
  const { message, code } = readError(answer);
  const said = message ?? `The model provider answered with HTTP ${status} and no reason.`;
  return createClientError(status, said.replaceAll(apiKey, '…'), code);
}

function createClientError(status: number, message: string, code = 'upstream_failed'): ClientError {
  return { status, body: createErrorBody(status, code, message) };
}

/** The usual forms: `{error: {message, code}}`, `{error: "…"}`, `{message: "…"}`. A page of HTML says nothing. */
function readError(answer: unknown): { readonly message?: string; readonly code?: string } {
  if (!isJsonObject(answer)) return {};
  const error = answer['error'] ?? answer;
  if (typeof error === 'string') return { message: error };
  if (!isJsonObject(error)) return {};
  const { message, code } = error;
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof code === 'string' && /^[\w.-]{1,100}$/.test(code) ? { code } : {}),
  };
}

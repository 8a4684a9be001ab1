import { isJsonObject } from '../core/json.ts';
import type { Failure } from './refusal.ts';

/**
 * What the agent is told of a provider's error. The status passes, so that Goose reacts as to the provider itself: 402
 * ends the prompt, 429 and 5xx are tried again. But a 401 concerns the guard's key, and Goose would take it for its own; and a redirect is not followed.
 * Placeholders in the message stay: it goes into logs and reports.
 */
export function toFailure(status: number, answer: unknown, apiKey: string): Failure {
  if (status === 401) return createFailure(502, "The model provider refused the guard's key.");
  if (status < 400) return createFailure(502, `The model provider answered with HTTP ${status}.`);
  const { message, code } = readError(answer);
  const said = message ?? `The model provider answered with HTTP ${status} and no reason.`;
  return createFailure(status, apiKey === '' ? said : said.replaceAll(apiKey, '…'), code);
}

function createFailure(status: number, message: string, code = 'upstream_failed'): Failure {
  return { status, code, message };
}

/**
 * The usual forms: `{error: {message, code}}`, Anthropic's `{type: "error", error: {type, message}}`, `{error: "…"}`,
 * `{message: "…"}`. A page of HTML says nothing.
 */
function readError(answer: unknown): { readonly message?: string; readonly code?: string } {
  if (!isJsonObject(answer)) return {};
  const error = answer['error'] ?? answer;
  if (typeof error === 'string') return { message: error };
  if (!isJsonObject(error)) return {};
  const { message } = error;
  const code = answer['type'] === 'error' ? (error['code'] ?? error['type']) : error['code'];
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof code === 'string' && /^[\w.-]{1,100}$/.test(code) ? { code } : {}),
  };
}

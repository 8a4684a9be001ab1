import { isJsonObject } from '../../core/json.ts';
import { restoreJson } from '../restore/restore-json.ts';
import type { Restoration } from '../restore/restorer.ts';
import { toCount } from './count.ts';
import type { JsonObject, Usage } from './shape.ts';

/** Restores every text of an answer, or of an event that holds whole texts. */
export function restoreAnswer(answer: JsonObject, restoration: Restoration): JsonObject {
  return restoreJson(restoration, answer);
}

/**
 * Of an answer, or of the events that tell of it: the first has what came in, the last what went out. What the
 * provider had in its cache came in as well.
 */
export function readUsage(answer: JsonObject): Usage | undefined {
  const message = answer['message'];
  const { usage, input_tokens } = isJsonObject(message) ? message : answer;
  // The answer of count_tokens.
  if (input_tokens !== undefined) return { tokensIn: toCount(input_tokens), tokensOut: null };
  if (!isJsonObject(usage)) return undefined;
  const fresh = toCount(usage['input_tokens']);
  const cached = [usage['cache_creation_input_tokens'], usage['cache_read_input_tokens']].map(toCount);
  return {
    tokensIn: fresh === null ? null : cached.reduce<number>((sum, count) => sum + (count ?? 0), fresh),
    tokensOut: toCount(usage['output_tokens']),
  };
}

import { isJsonObject } from '../../core/json.ts';
import { restoreJson } from '../restore/restore-json.ts';
import type { Restoration } from '../restore/restorer.ts';
import { toCount } from './count.ts';
import type { JsonObject, Usage } from './shape.ts';

/** Restores every text: the output, and what it repeats of the request. */
export function restoreAnswer(answer: JsonObject, restoration: Restoration): JsonObject {
  return restoreJson(restoration, answer);
}

/** Of an answer, or of the event that holds it as it ends. */
export function readUsage(answer: JsonObject): Usage | undefined {
  const response = answer['response'];
  const { usage } = isJsonObject(response) ? response : answer;
  if (!isJsonObject(usage)) return undefined;
  return { tokensIn: toCount(usage['input_tokens']), tokensOut: toCount(usage['output_tokens']) };
}

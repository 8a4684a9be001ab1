import { isJsonObject } from '../../core/json.ts';
import { rewriteJson } from '../../detect/json.ts';
import { type Restoration, restoreText } from '../restore/restorer.ts';
import { toCount } from './count.ts';
import type { JsonObject, Usage } from './shape.ts';

/** Restores every text: the output, and what it repeats of the request. */
export function restoreAnswer(answer: JsonObject, restoration: Restoration): JsonObject {
  return Object.fromEntries(
    Object.entries(answer).map(([key, item]) => [
      key,
      rewriteJson(item, (text, field) => restoreText(restoration, encodingOf(field), text), key),
    ]),
  );
}

function encodingOf(field: string | undefined): 'json' | 'text' {
  return field === 'arguments' ? 'json' : 'text';
}

/** Of an answer, or of the event that holds it as it ends. */
export function readUsage(answer: JsonObject): Usage | undefined {
  const response = answer['response'];
  const { usage } = isJsonObject(response) ? response : answer;
  if (!isJsonObject(usage)) return undefined;
  return { tokensIn: toCount(usage['input_tokens']), tokensOut: toCount(usage['output_tokens']) };
}

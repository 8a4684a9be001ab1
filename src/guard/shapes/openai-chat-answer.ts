import { isJsonObject } from '../../core/json.ts';
import { rewriteJson } from '../../detect/json.ts';
import { type Restoration, restoreText } from '../restore/restorer.ts';
import { toCount } from './count.ts';
import type { JsonObject, Usage } from './shape.ts';

/** Restores every text of every choice. */
export function restoreAnswer(answer: JsonObject, restoration: Restoration): JsonObject {
  const choices = rewriteJson(answer['choices'], (text, field) =>
    restoreText(restoration, field === 'arguments' ? 'json' : 'text', text),
  );
  return { ...answer, choices };
}

export function readUsage({ usage }: JsonObject): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  return { tokensIn: toCount(usage['prompt_tokens']), tokensOut: toCount(usage['completion_tokens']) };
}

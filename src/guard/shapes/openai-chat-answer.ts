import { isJsonObject } from '../../core/json.ts';
import { restoreJson } from '../restore/restore-json.ts';
import type { Restoration } from '../restore/restorer.ts';
import { toCount } from './count.ts';
import type { JsonObject, Usage } from './shape.ts';

/** Restores every text of every choice. */
export function restoreAnswer(answer: JsonObject, restoration: Restoration): JsonObject {
  return { ...answer, choices: restoreJson(restoration, answer['choices']) };
}

export function readUsage({ usage }: JsonObject): Usage | undefined {
  if (!isJsonObject(usage)) return undefined;
  return { tokensIn: toCount(usage['prompt_tokens']), tokensOut: toCount(usage['completion_tokens']) };
}

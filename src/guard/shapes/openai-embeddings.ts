import { isJsonObject } from '../../core/json.ts';
import { toOpenaiError } from '../refusal.ts';
import { toCount } from './count.ts';
import { expectObject, unreadable } from './expect.ts';
import { each, fields } from './fields.ts';
import { json, type MaskPlace, number, text } from './places.ts';
import type { Shape } from './shape.ts';
import { modelName, word } from './words.ts';

/** POST /v1/embeddings: https://platform.openai.com/docs/api-reference/embeddings. Its answer holds no text. */
export const openaiEmbeddings: Shape = {
  name: 'openai-embeddings',
  path: '/embeddings',
  maskRequest(value, masker, privacy) {
    const request = expectObject(value, 'The body');
    const model = modelName(request['model'], 'model');
    const body = privacy.mode === 'bypass' ? request : maskBody(request, '', { ...masker, privacy });
    return { model, streamed: false, body };
  },
  restoreAnswer: (answer) => answer,
  restoreEvents: undefined,
  readUsage({ usage }) {
    if (!isJsonObject(usage)) return undefined;
    return { tokensIn: toCount(usage['prompt_tokens']), tokensOut: null };
  },
  toError: toOpenaiError,
};

const readable: MaskPlace = (value, path, masker) => {
  if (typeof value === 'string') return masker.text(value);
  throw unreadable(path, 'the guard reads text only, and no numbers of tokens');
};

const input: MaskPlace = (value, path, masker) =>
  Array.isArray(value) ? each(readable)(value, path, masker) : readable(value, path, masker);

const maskBody = fields({
  model: modelName,
  input,
  dimensions: number,
  encoding_format: word,
  user: text,
  // Of other providers that speak this shape.
  input_type: word,
  task: word,
  truncate: json,
  truncation: json,
  keep_alive: json,
  options: json,
  provider: json,
});

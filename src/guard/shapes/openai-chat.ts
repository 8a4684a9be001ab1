import type { Masker } from '../mask.ts';
import { expectArray, expectObject, expectString, malformed, unreadable } from './expect.ts';
import { each, fields, literal, type MaskPlace, nullable } from './fields.ts';
import { readUsage, restoreAnswer } from './openai-chat-answer.ts';
import { restoreEvents } from './openai-chat-events.ts';
import type { MaskedRequest, Shape } from './shape.ts';

/** POST /v1/chat/completions: https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Shape = {
  name: 'openai-chat',
  path: '/chat/completions',
  maskRequest,
  restoreAnswer,
  restoreEvents,
  readUsage,
};

function maskRequest(value: unknown, masker: Masker): MaskedRequest {
  const request = expectObject(value, 'The body');
  const model = expectString(request['model'], 'model');
  if (!MODEL_NAME.test(model)) throw malformed('model', 'the name of a model');
  const streamed = request['stream'] ?? false;
  if (typeof streamed !== 'boolean') throw malformed('stream', 'true or false');
  expectArray(request['messages'], 'messages');
  return { model, streamed, body: maskBody(request, '', masker) };
}

const MODEL_NAME = /^[\w.:/@+-]{1,200}$/;

const maskText: MaskPlace = (value, path, masker) => masker.text(expectString(value, path));

const PART_TYPES = new Set<unknown>(['text', 'refusal']);
const maskTextPart = fields({ type: literal, text: maskText, refusal: maskText });

const maskPart: MaskPlace = (value, path, masker) => {
  if (!PART_TYPES.has(expectObject(value, path)['type'])) {
    throw unreadable(path, 'the guard reads content parts of type text only');
  }
  return maskTextPart(value, path, masker);
};

const maskContent: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? masker.text(value) : each(maskPart)(value, path, masker);

const maskFunction = fields({ name: literal });
const maskTool = fields({ id: literal, type: literal, function: maskFunction, custom: maskFunction });

/** `"auto"`, or the tool that is meant. */
const maskChoice: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? value : maskTool(value, path, masker);

const maskMessage = fields({
  role: literal,
  content: nullable(maskContent),
  tool_calls: nullable(each(maskTool)),
  tool_call_id: nullable(literal),
  function_call: nullable(maskFunction),
});

const maskBody = fields({
  model: literal,
  messages: each(maskMessage),
  tools: nullable(each(maskTool)),
  tool_choice: nullable(maskChoice),
  functions: nullable(each(maskFunction)),
  prediction: nullable(fields({ type: literal, content: maskContent })),
});

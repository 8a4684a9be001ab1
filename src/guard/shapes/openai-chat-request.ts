import type { Masker } from '../mask.ts';
import type { Privacy } from '../privacy.ts';
import { expectArray, expectObject } from './expect.ts';
import { byType, each, fields, openFields } from './fields.ts';
import {
  flag,
  json,
  type MaskPlace,
  media,
  mediaData,
  number,
  oneOf,
  text,
  tokenWeights,
  unread,
} from './places.ts';
import type { MaskedRequest } from './shape.ts';
import { id, modelName, toolName, word } from './words.ts';

/** Every field of a request: masked if it may hold a text, checked if it is a word of the protocol, else refused. */
export function maskRequest(value: unknown, masker: Masker, privacy: Privacy): MaskedRequest {
  const request = expectObject(value, 'The body');
  const model = modelName(request['model'], 'model');
  expectArray(request['messages'], 'messages');
  const body = privacy.mode === 'bypass' ? request : maskBody(request, '', { ...masker, privacy });
  return { model, streamed: request['stream'] === true, body };
}

/** Of a known type; what may mark a part for the provider's cache. */
const partFields = { type: word, cache_control: json };

const textPart = fields({ ...partFields, text, refusal: text });

const address = { url: mediaData, detail: word };

const part = byType({
  text: textPart,
  refusal: textPart,
  image_url: media(fields({ ...partFields, image_url: fields(address) })),
  video_url: media(fields({ ...partFields, video_url: fields(address) })),
  input_audio: media(fields({ ...partFields, input_audio: fields({ data: mediaData, format: word }) })),
  file: media(fields({ ...partFields, file: fields({ file_data: mediaData, file_id: id, filename: text }) })),
});

const content: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? masker.text(value) : each(part)(value, path, masker);

const namedFunction = openFields({ name: toolName });
/** A tool, a call of one, or the choice of one. Providers add fields of their own, and want them back in a call. */
const tool = openFields({
  id,
  type: oneOf('function', 'custom'),
  index: number,
  function: namedFunction,
  custom: namedFunction,
});

const allowedTools = fields({
  type: oneOf('allowed_tools'),
  allowed_tools: fields({ mode: oneOf('auto', 'required'), tools: each(tool) }),
});

const choice: MaskPlace = (value, path, masker) => {
  if (typeof value === 'string') return oneOf('none', 'auto', 'required', 'any')(value, path, masker);
  const isAllowList = expectObject(value, path)['type'] === 'allowed_tools';
  return (isAllowList ? allowedTools : tool)(value, path, masker);
};

const functionChoice: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? oneOf('none', 'auto')(value, path, masker) : namedFunction(value, path, masker);

const message = fields({
  role: oneOf('system', 'developer', 'user', 'assistant', 'tool', 'function'),
  content,
  name: text,
  refusal: text,
  tool_calls: each(tool),
  tool_call_id: id,
  function_call: namedFunction,
  annotations: json,
  audio: unread,
  // Of other providers: what they have answered, and want back.
  reasoning: json,
  reasoning_content: json,
  reasoning_details: json,
  thinking: json,
  thinking_blocks: json,
  provider_specific_fields: json,
  extra_content: json,
  cache_control: json,
  prefix: flag,
  partial: flag,
});

const responseFormat = openFields({
  type: oneOf('text', 'json_object', 'json_schema'),
  json_schema: openFields({ name: toolName, description: text, schema: json, strict: flag }),
});

const stop: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? masker.text(value) : each(text)(value, path, masker);

const maskBody = fields({
  model: modelName,
  messages: each(message),
  tools: each(tool),
  tool_choice: choice,
  parallel_tool_calls: flag,
  functions: each(namedFunction),
  function_call: functionChoice,
  response_format: responseFormat,
  prediction: fields({ type: oneOf('content'), content }),
  stop,
  user: text,
  safety_identifier: text,
  prompt_cache_key: text,
  prompt_cache_retention: word,
  metadata: json,
  store: flag,
  stream: flag,
  stream_options: fields({ include_usage: flag, include_obfuscation: flag }),
  service_tier: word,
  reasoning_effort: word,
  verbosity: word,
  web_search_options: json,
  modalities: each(oneOf('text')),
  audio: unread,
  logit_bias: tokenWeights,
  logprobs: flag,
  top_logprobs: number,
  max_tokens: number,
  max_completion_tokens: number,
  n: number,
  seed: number,
  temperature: number,
  top_p: number,
  frequency_penalty: number,
  presence_penalty: number,
  // Of other providers that speak this shape.
  top_k: number,
  top_a: number,
  min_p: number,
  repetition_penalty: number,
  thinking: json,
  thinking_budget: number,
  enable_thinking: flag,
  reasoning: json,
  include_reasoning: flag,
  chat_template_kwargs: json,
  cache_control: json,
  options: json,
  keep_alive: json,
  provider: json,
  session_id: text,
  transforms: json,
  route: word,
  plugins: json,
  trace: json,
  models: each(modelName),
  usage: json,
  safe_prompt: flag,
});

import { isJsonObject } from '../../core/json.ts';
import type { Masker } from '../mask.ts';
import type { Privacy } from '../privacy.ts';
import { expectArray, expectObject } from './expect.ts';
import { byType, each, fields, openFields } from './fields.ts';
import { flag, json, type MaskPlace, media, mediaData, number, oneOf, text } from './places.ts';
import type { MaskedRequest } from './shape.ts';
import { id, modelName, seal, toolName, word } from './words.ts';

/** Every field of a request: masked if it may hold a text, checked if it is a word of the protocol, else refused. */
export function maskRequest(value: unknown, masker: Masker, privacy: Privacy): MaskedRequest {
  const request = expectObject(value, 'The body');
  const model = modelName(request['model'], 'model');
  expectArray(request['messages'], 'messages');
  const body = privacy.mode === 'bypass' ? request : maskBody(request, '', { ...masker, privacy });
  return { model, streamed: request['stream'] === true, body };
}

/** A text, or blocks. `block` is known only later: results of tools hold blocks. */
const content: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? masker.text(value) : each(block)(value, path, masker);

/** JSON of tools that the provider runs: between the texts stands what only it can read, and documents. */
const providerJson: MaskPlace = (value, path, masker) => {
  if (Array.isArray(value)) return each(providerJson)(value, path, masker);
  if (!isJsonObject(value)) return masker.json(value);
  const isKnown = value['type'] === 'document' || value['type'] === 'image';
  return (isKnown ? block : providerObject)(value, path, masker);
};

const providerObject = openFields({
  type: word,
  content: (value, path, masker) => providerJson(value, path, masker),
  encrypted_content: seal,
  encrypted_index: seal,
  encrypted_stdout: seal,
  tool_use_id: id,
  file_id: id,
});

const blockFields = { type: word, cache_control: json };

const citations: MaskPlace = (value, path, masker) =>
  Array.isArray(value)
    ? each(providerObject)(value, path, masker)
    : fields({ enabled: flag })(value, path, masker);

const base64 = media(fields({ type: word, media_type: json, data: mediaData }));
const url = media(fields({ type: word, url: mediaData }));
const uploaded = media(fields({ type: word, file_id: id }));

const source = byType({
  text: fields({ type: word, media_type: json, data: text }),
  content: fields({ type: word, content }),
  base64,
  url,
  file: uploaded,
});

const call = openFields({
  ...blockFields,
  id,
  name: toolName,
  input: json,
  caller: openFields({ type: word, tool_id: id }),
});

const resultFields = { ...blockFields, tool_use_id: id, is_error: flag };
const providerResult = openFields({ ...resultFields, content: providerJson });
const toolReference = openFields({ ...blockFields, tool_name: toolName });

/** The kinds of https://docs.anthropic.com/en/api/messages; one that is not here is refused. */
const block = byType({
  text: fields({ ...blockFields, text, citations }),
  image: media(openFields({ ...blockFields, source })),
  document: fields({ ...blockFields, source, title: text, context: text, citations }),
  search_result: fields({ ...blockFields, source: text, title: text, content, citations }),
  thinking: fields({ ...blockFields, thinking: text, signature: seal }),
  redacted_thinking: fields({ ...blockFields, data: seal }),
  tool_use: call,
  tool_result: openFields({ ...resultFields, content }),
  tool_reference: toolReference,
  tool_addition: toolReference,
  tool_removal: toolReference,
  server_tool_use: call,
  mcp_tool_use: call,
  web_search_tool_result: providerResult,
  web_fetch_tool_result: providerResult,
  code_execution_tool_result: providerResult,
  bash_code_execution_tool_result: providerResult,
  text_editor_code_execution_tool_result: providerResult,
  tool_search_tool_result: providerResult,
  advisor_tool_result: providerResult,
  mcp_tool_result: openFields({ ...resultFields, content }),
  container_upload: media(fields({ ...blockFields, file_id: id })),
  compaction: openFields({ ...blockFields, content, encrypted_content: seal, signature: seal }),
});

const message = fields({ role: oneOf('user', 'assistant', 'system'), content });

const tool = openFields({ type: word, name: toolName, description: text, input_schema: json });

const maskBody = fields({
  model: modelName,
  system: content,
  messages: each(message),
  tools: each(tool),
  tool_choice: openFields({ type: word, name: toolName, disable_parallel_tool_use: flag }),
  max_tokens: number,
  stop_sequences: each(text),
  stream: flag,
  temperature: number,
  top_k: number,
  top_p: number,
  thinking: json,
  output_config: json,
  output_format: json,
  metadata: json,
  service_tier: word,
  speed: word,
  inference_geo: word,
  cache_control: json,
  context_management: json,
  compaction: json,
  diagnostics: json,
  container: (value, path, masker) =>
    typeof value === 'string' ? id(value, path) : openFields({ id })(value, path, masker),
  mcp_servers: each(openFields({ type: word, name: toolName })),
  user_profile_id: id,
  workspace_id: id,
});

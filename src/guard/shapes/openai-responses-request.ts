import type { Masker } from '../mask.ts';
import type { Privacy } from '../privacy.ts';
import { expectObject, unreadable } from './expect.ts';
import { byType, each, fields, openFields } from './fields.ts';
import { flag, json, type MaskPlace, media, mediaData, number, oneOf, text } from './places.ts';
import type { MaskedRequest } from './shape.ts';
import { id, modelName, seal, toolName, word } from './words.ts';

/** Every field of a request: masked if it may hold a text, checked if it is a word of the protocol, else refused. */
export function maskRequest(value: unknown, masker: Masker, privacy: Privacy): MaskedRequest {
  const request = expectObject(value, 'The body');
  const model = modelName(request['model'], 'model');
  const body = privacy.mode === 'bypass' ? request : maskBody(request, '', { ...masker, privacy });
  return { model, streamed: request['stream'] === true, body };
}

/** A text where clients may write an object or a list instead. */
function textOr(place: MaskPlace): MaskPlace {
  return (value, path, masker) =>
    typeof value === 'string' ? masker.text(value) : place(value, path, masker);
}

const image = media(openFields({ type: word, image_url: mediaData, file_id: id, detail: word }));
const file = media(
  openFields({ type: word, file_data: mediaData, file_id: id, file_url: mediaData, filename: text }),
);

const textPart = openFields({ type: word, text });

const part = byType({
  input_text: textPart,
  output_text: textPart,
  text: textPart,
  summary_text: textPart,
  reasoning_text: textPart,
  refusal: openFields({ type: word, refusal: text }),
  input_image: image,
  computer_screenshot: image,
  input_file: file,
  input_audio: media(fields({ type: word, input_audio: fields({ data: mediaData, format: word }) })),
});

const parts = textOr(each(part));

/** What every item may have. Its other fields are open: the API adds some every month, and they are plain text. */
const itemFields = { type: word, id, call_id: id, status: word, role: word, phase: word, name: toolName };

const item = openFields({ ...itemFields, caller: openFields({ type: word, caller_id: id }) });

const inputTool = openFields({
  type: word,
  name: toolName,
  // Of tools that the provider runs.
  vector_store_ids: each(id),
  container: textOr(openFields({ type: word, container_id: id, file_ids: each(id) })),
  input_image_mask: image,
});

/** A tool may hold tools, which are its namespace. */
const tool: MaskPlace = (value, path, masker) => {
  const { tools, ...more } = expectObject(value, path);
  const masked = inputTool(more, path, masker);
  return tools === undefined ? masked : { ...masked, tools: each(tool)(tools, `${path}.tools`, masker) };
};

const message = openFields({ ...itemFields, content: parts });
const result = openFields({ ...itemFields, output: parts });
const sealed = openFields({ ...itemFields, encrypted_content: seal });

/** The kinds of https://platform.openai.com/docs/api-reference/responses/create; one that is not here is refused. */
const knownItem = byType({
  message,
  reasoning: openFields({
    ...itemFields,
    summary: each(part),
    content: each(part),
    encrypted_content: seal,
  }),
  function_call: item,
  function_call_output: result,
  custom_tool_call: item,
  custom_tool_call_output: result,
  file_search_call: item,
  web_search_call: item,
  tool_search_call: item,
  tool_search_output: openFields({ ...itemFields, tools: each(tool) }),
  additional_tools: openFields({ ...itemFields, tools: each(tool) }),
  configuration_update: item,
  code_interpreter_call: openFields({
    ...itemFields,
    container_id: id,
    outputs: each(byType({ logs: openFields({ type: word }), image: media(openFields({ url: mediaData })) })),
  }),
  image_generation_call: media(openFields({ ...itemFields, result: mediaData })),
  computer_call: item,
  computer_call_output: openFields({ ...itemFields, output: part }),
  local_shell_call: item,
  local_shell_call_output: item,
  shell_call: item,
  shell_call_output: item,
  apply_patch_call: item,
  apply_patch_call_output: item,
  mcp_list_tools: item,
  mcp_approval_request: item,
  mcp_approval_response: openFields({ ...itemFields, approval_request_id: id }),
  mcp_call: openFields({ ...itemFields, approval_request_id: id }),
  compaction: sealed,
  compaction_trigger: item,
  item_reference: item,
  program: openFields({ ...itemFields, fingerprint: seal }),
  program_output: item,
});

/** Clients may leave out the type of a message and of a reference. */
const inputItem: MaskPlace = (value, path, masker) => {
  const { type, role } = expectObject(value, path);
  if (typeof type === 'string') return knownItem(value, path, masker);
  return (role === undefined ? fields({ id, type: word }) : message)(value, path, masker);
};

const toolChoice: MaskPlace = (value, path, masker) =>
  typeof value === 'string'
    ? oneOf('none', 'auto', 'required')(value, path, masker)
    : openFields({ type: word, name: toolName, mode: word, tools: each(inputTool) })(value, path, masker);

const variables: MaskPlace = (value, path, masker) =>
  Object.fromEntries(
    Object.entries(expectObject(value, path)).map(([name, variable]) => [
      masker.text(name),
      textOr(part)(variable, path, masker),
    ]),
  );

/** The answer would be fetched later, by a call that no longer knows the values. */
const background: MaskPlace = (value, path, masker) => {
  if (flag(value, path, masker) === false) return value;
  throw unreadable(path, 'the guard cannot restore what is fetched later');
};

const idOrObject: MaskPlace = (value, path, masker) =>
  typeof value === 'string' ? id(value, path) : fields({ id })(value, path, masker);

const maskBody = fields({
  model: modelName,
  input: textOr(each(inputItem)),
  instructions: textOr(each(inputItem)),
  tools: each(tool),
  tool_choice: toolChoice,
  parallel_tool_calls: flag,
  max_tool_calls: number,
  text: openFields({
    format: openFields({ type: word, name: toolName, description: text, schema: json, strict: flag }),
    verbosity: word,
  }),
  reasoning: json,
  include: each(word),
  previous_response_id: id,
  conversation: idOrObject,
  prompt: fields({ id, version: word, variables }),
  context_management: json,
  moderation: json,
  truncation: word,
  background,
  store: flag,
  stream: flag,
  stream_options: fields({ include_obfuscation: flag }),
  metadata: json,
  user: text,
  safety_identifier: text,
  prompt_cache_key: text,
  prompt_cache_retention: word,
  prompt_cache_options: json,
  access_programs: json,
  image: json,
  service_tier: word,
  max_output_tokens: number,
  temperature: number,
  top_p: number,
  top_logprobs: number,
  // Of other providers that speak this shape.
  models: each(modelName),
  provider: json,
  plugins: json,
  session_id: text,
  top_k: number,
  frequency_penalty: number,
  presence_penalty: number,
});

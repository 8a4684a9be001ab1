import { expect, test } from 'vitest';
import { openaiResponses } from '../../../src/guard/shapes/openai-responses.ts';
import type { JsonObject } from '../../../src/guard/shapes/shape.ts';
import { maskWith, restoration } from '../support/shape.ts';

const SECRET = 'jane@acme.io';
const IMAGE = 'data:image/png;base64,aGk=';
const PASS = { mode: 'auto', media: 'pass' } as const;

const mask = (body: JsonObject, privacy?: typeof PASS) =>
  maskWith(openaiResponses, { model: 'm', ...body }, privacy);
const item = (fields: JsonObject) => ({ input: [fields] });
const content = (...parts: JsonObject[]) => item({ role: 'user', content: parts });
const tool = (fields: JsonObject) => ({ tools: [{ type: 'function', name: 'f', ...fields }] });

test.each<[string, JsonObject]>([
  ['the input', { input: SECRET }],
  ['instructions', { instructions: SECRET }],
  ['a message', item({ role: 'user', content: SECRET })],
  ['a message with its type', item({ type: 'message', role: 'user', content: SECRET })],
  ['a part', content({ type: 'input_text', text: SECRET })],
  ['a part of an answer', content({ type: 'output_text', text: 'x', annotations: [{ title: SECRET }] })],
  ['a refusal', content({ type: 'refusal', refusal: SECRET })],
  ['a call', item({ type: 'function_call', call_id: 'c', name: 'f', arguments: `{"to": "${SECRET}"}` })],
  ['a result', item({ type: 'function_call_output', call_id: 'c', output: SECRET })],
  [
    'a result in parts',
    item({ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: SECRET }] }),
  ],
  ['input of a custom tool', item({ type: 'custom_tool_call', call_id: 'c', name: 'f', input: SECRET })],
  ['output of a custom tool', item({ type: 'custom_tool_call_output', call_id: 'c', output: SECRET })],
  ['reasoning', item({ type: 'reasoning', summary: [{ type: 'summary_text', text: SECRET }] })],
  [
    'reasoning in the open',
    item({ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: SECRET }] }),
  ],
  ['a search', item({ type: 'web_search_call', action: { type: 'search', query: SECRET } })],
  ['a found file', item({ type: 'file_search_call', results: [{ filename: SECRET, text: SECRET }] })],
  ['code', item({ type: 'code_interpreter_call', code: SECRET, outputs: [{ type: 'logs', logs: SECRET }] })],
  ['a command', item({ type: 'local_shell_call', action: { command: [SECRET], env: { [SECRET]: SECRET } } })],
  ['commands', item({ type: 'shell_call', call_id: 'c', action: { commands: [SECRET] } })],
  ['what a command wrote', item({ type: 'shell_call_output', output: [{ stdout: SECRET, stderr: '' }] })],
  ['a patch', item({ type: 'apply_patch_call', operation: { diff: SECRET, path: SECRET } })],
  ['a call over MCP', item({ type: 'mcp_call', name: 'f', arguments: `["${SECRET}"]`, output: SECRET })],
  ['tools over MCP', item({ type: 'mcp_list_tools', tools: [{ name: 'f', description: SECRET }] })],
  ['an approval', item({ type: 'mcp_approval_response', approve: false, reason: SECRET })],
  ['a click', item({ type: 'computer_call', action: { type: 'type', text: SECRET } })],
  ['a program', item({ type: 'program', code: SECRET })],
  ['the description of a tool', tool({ description: SECRET })],
  [
    'a schema',
    tool({ parameters: { properties: { to: { default: SECRET, enum: [SECRET], examples: [SECRET] } } } }),
  ],
  ['a tool in a namespace', { tools: [{ type: 'namespace', name: 'n', tools: [{ description: SECRET }] }] }],
  ['a custom tool', { tools: [{ type: 'custom', name: 'f', format: { definition: SECRET } }] }],
  ['the place of a search', { tools: [{ type: 'web_search', user_location: { city: SECRET } }] }],
  ['a server', { tools: [{ type: 'mcp', server_label: SECRET, headers: { [SECRET]: SECRET } }] }],
  [
    'the form of the text',
    { text: { format: { type: 'json_schema', name: 'f', schema: { const: SECRET } } } },
  ],
  ['variables of a prompt', { prompt: { id: 'pmpt_1', variables: { who: SECRET, [SECRET]: 'x' } } }],
  ['metadata', { metadata: { who: SECRET } }],
  ['the user', { user: SECRET }],
  ['the safety identifier', { safety_identifier: SECRET }],
  ['the key of the cache', { prompt_cache_key: SECRET }],
  ['what a known item has of its own', item({ type: 'function_call', name: 'f', novelty: { [SECRET]: 1 } })],
])('%s is masked', (_place, body) => {
  expect(JSON.stringify(body)).toContain(SECRET);
  const { text } = mask(body);
  expect(text).not.toContain(SECRET);
  expect(text).toMatch(/\[EMAIL_\w{6}\]/);
});

test.each<[JsonObject, string]>([
  [item({ type: 'novelty', text: SECRET }), 'input[0] was refused'],
  [content({ type: 'novelty', text: SECRET }), 'input[0].content[0] was refused'],
  [{ novelty: SECRET }, 'novelty was refused'],
  [{ background: true }, 'background was refused'],
  [item({ type: 'function_call', call_id: 'call_536-22-8724' }), 'input[0].call_id was refused'],
  [
    item({ type: 'reasoning', summary: [], encrypted_content: '536-22-8724' }),
    'encrypted_content was refused',
  ],
])('%j is refused', (body, message) => {
  expect(() => mask(body)).toThrow(message);
  expect(() => mask(body)).not.toThrow(SECRET);
});

const MEDIA: JsonObject[] = [
  content({ type: 'input_image', image_url: IMAGE, detail: 'auto' }),
  content({ type: 'input_file', file_data: IMAGE, filename: 'a.pdf' }),
  content({ type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } }),
  item({ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: IMAGE }] }),
  item({ type: 'computer_call_output', output: { type: 'computer_screenshot', image_url: IMAGE } }),
  item({ type: 'image_generation_call', id: 'ig_1', result: 'aGk=', status: 'completed' }),
  { tools: [{ type: 'image_generation', input_image_mask: { image_url: IMAGE } }] },
];

test.each(MEDIA)('%j passes where the profile lets media pass, and nowhere else', (body) => {
  expect(mask(body, PASS).body).toEqual({ model: 'm', ...body });
  expect(() => mask(body)).toThrow('the guard reads text only');
});

test('of media that pass, the name is masked, and personal data in the address is refused', () => {
  const file = (fields: JsonObject) => content({ type: 'input_file', ...fields });
  expect(mask(file({ file_data: 'aGk=', filename: `${SECRET}.pdf` }), PASS).text).toMatch(/\[EMAIL_\w{6}\]/);
  expect(() => mask(file({ file_url: `https://acme.io/${SECRET}` }), PASS)).toThrow('file_url was refused');
});

test('a request without personal data passes as it is', () => {
  const body = {
    model: 'gpt-5',
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'low', summary: 'auto' },
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      {
        id: 'rs_4155550132',
        type: 'reasoning',
        summary: [],
        encrypted_content: `gAAAA${'aB3_-='.repeat(40)}`,
      },
      { type: 'function_call', id: 'fc_1', call_id: 'call_4155550132', name: 'f', arguments: '{ "a": 1 }' },
      { type: 'function_call_output', call_id: 'call_4155550132', output: '{"ok": true}' },
      { type: 'item_reference', id: 'msg_1' },
      { id: 'msg_2' },
    ],
    tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true }],
    tool_choice: { type: 'function', name: 'f' },
    text: { format: { type: 'text' }, verbosity: 'low' },
    previous_response_id: 'resp_1',
    truncation: 'auto',
    max_output_tokens: 4096,
    temperature: 0.7,
  };
  expect(mask(body).body).toEqual(body);
});

test('in an answer every text comes back, and what is encrypted stays', () => {
  const say = (text: string) => ({
    id: 'resp_1',
    instructions: text,
    metadata: { who: text },
    output: [
      { type: 'reasoning', summary: [{ type: 'summary_text', text }], encrypted_content: 'gAAAA' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: JSON.stringify({ to: text }) },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] },
    ],
    usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
  });
  const answer = say('To [EMAIL_k3f9x2]');
  expect(openaiResponses.restoreAnswer(answer, restoration())).toEqual(say(`To ${SECRET}`));
  expect(openaiResponses.readUsage(answer)).toEqual({ tokensIn: 11, tokensOut: 7 });
});

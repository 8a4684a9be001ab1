import { expect, test } from 'vitest';
import { anthropicMessages } from '../../../src/guard/shapes/anthropic-messages.ts';
import type { JsonObject } from '../../../src/guard/shapes/shape.ts';
import { maskWith, restoration } from '../support/shape.ts';

const SECRET = 'jane@acme.io';
const PASS = { mode: 'auto', media: 'pass' } as const;

const mask = (body: JsonObject, privacy?: typeof PASS) =>
  maskWith(anthropicMessages, { model: 'm', max_tokens: 9, messages: [], ...body }, privacy);
const block = (fields: JsonObject) => ({ messages: [{ role: 'user', content: [fields] }] });
const result = (content: unknown, type = 'tool_result') => block({ type, tool_use_id: 't', content });
const document = (source: JsonObject, fields: JsonObject = {}) =>
  block({ type: 'document', source, ...fields });
const tool = (fields: JsonObject) => ({ tools: [{ name: 'f', input_schema: {}, ...fields }] });
const plain = (data: string) => ({ type: 'text', media_type: 'text/plain', data });

test.each<[string, JsonObject]>([
  ['a message', { messages: [{ role: 'user', content: SECRET }] }],
  ['a block', block({ type: 'text', text: SECRET })],
  [
    'what a block cites',
    block({ type: 'text', text: 'x', citations: [{ type: 'page', cited_text: SECRET }] }),
  ],
  ['the system prompt', { system: SECRET }],
  ['the system prompt in blocks', { system: [{ type: 'text', text: SECRET }] }],
  ['a system message', { messages: [{ role: 'system', content: SECRET }] }],
  ['a thought', block({ type: 'thinking', thinking: SECRET, signature: 'EqQB' })],
  ['a call', block({ type: 'tool_use', id: 't', name: 'f', input: { to: [SECRET], [SECRET]: 1 } })],
  ['a result', result(SECRET)],
  ['a result in blocks', result([{ type: 'text', text: SECRET }])],
  ['a document', document(plain(SECRET))],
  ['a document in blocks', document({ type: 'content', content: [{ type: 'text', text: SECRET }] })],
  ['the title of a document', document(plain('x'), { title: SECRET })],
  ['the context of a document', document(plain('x'), { context: SECRET })],
  [
    'a found text',
    result([
      { type: 'search_result', source: SECRET, title: SECRET, content: [{ type: 'text', text: SECRET }] },
    ]),
  ],
  [
    'a call of the provider’s tools',
    block({ type: 'server_tool_use', id: 't', name: 'f', input: { q: SECRET } }),
  ],
  [
    'what a search found',
    result([{ type: 'web_search_result', title: SECRET, url: 'x' }], 'web_search_tool_result'),
  ],
  [
    'what code wrote',
    result({ type: 'code_execution_result', stdout: SECRET }, 'code_execution_tool_result'),
  ],
  ['a result over MCP', result([{ type: 'text', text: SECRET }], 'mcp_tool_result')],
  ['a summary', block({ type: 'compaction', content: SECRET })],
  ['the description of a tool', tool({ description: SECRET })],
  ['a schema', tool({ input_schema: { properties: { to: { enum: [SECRET], default: SECRET } } } })],
  ['an example', tool({ input_examples: [{ to: SECRET }] })],
  ['what a client adds to a tool', tool({ novelty: { [SECRET]: SECRET } })],
  ['a stop sequence', { stop_sequences: [SECRET] }],
  ['metadata', { metadata: { user_id: SECRET } }],
  [
    'the form of the answer',
    { output_config: { format: { type: 'json_schema', schema: { const: SECRET } } } },
  ],
  ['a server', { mcp_servers: [{ type: 'url', name: 's', url: `https://x/?q=${SECRET}` }] }],
])('%s is masked', (_place, body) => {
  expect(JSON.stringify(body)).toContain(SECRET);
  const { text } = mask(body);
  expect(text).not.toContain(SECRET);
  expect(text).toMatch(/\[EMAIL_\w{6}\]/);
});

test.each<[JsonObject, string]>([
  [block({ type: 'novelty', text: SECRET }), 'messages[0].content[0] was refused'],
  [block({ type: 'text', text: 'x', novelty: SECRET }), 'messages[0].content[0].novelty was refused'],
  [result([{ type: 'novelty', text: SECRET }]), 'messages[0].content[0].content[0] was refused'],
  [{ novelty: SECRET }, 'novelty was refused'],
  [{ messages: [{ role: SECRET, content: '' }] }, 'messages[0].role must be one of user, assistant, system'],
  [block({ type: 'tool_use', id: 'toolu_536-22-8724', name: 'f', input: {} }), 'content[0].id was refused'],
  [block({ type: 'redacted_thinking', data: '536-22-8724' }), 'content[0].data was refused'],
])('%j is refused', (body, message) => {
  expect(() => mask(body)).toThrow(message);
  expect(() => mask(body)).not.toThrow(SECRET);
});

const BASE64 = { type: 'base64', media_type: 'application/pdf', data: 'aGk=' };

test.each([
  block({ type: 'image', source: { ...BASE64, media_type: 'image/png' } }),
  block({ type: 'image', source: { type: 'url', url: 'https://acme.io/a.png' } }),
  block({ type: 'image', source: { type: 'file', file_id: 'file_1' } }),
  document(BASE64),
  result([{ type: 'image', source: BASE64 }]),
  result(
    { type: 'web_fetch_result', content: { type: 'document', source: BASE64 } },
    'web_fetch_tool_result',
  ),
])('%j passes where the profile lets media pass, and nowhere else', (body) => {
  expect(mask(body, PASS).body).toMatchObject(body);
  expect(() => mask(body)).toThrow('the guard reads text only');
});

test('a request without personal data passes as it is', () => {
  const body = {
    model: 'claude-sonnet-4@20250514',
    max_tokens: 4096,
    stream: true,
    system: [{ type: 'text', text: 'You are Finance.', cache_control: { type: 'ephemeral' } }],
    thinking: { type: 'enabled', budget_tokens: 2048 },
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'EqQBCkYIARgCKkA4155550132/+='.repeat(9) },
          { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix/LafPsn4a'.repeat(9) },
          { type: 'tool_use', id: 'toolu_4155550132', name: 'mesh__send_task', input: { amount: 125000 } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_4155550132', content: 'ok', is_error: false }],
      },
    ],
    tools: [{ name: 'mesh__send_task', input_schema: { type: 'object' } }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    temperature: 0.5,
    service_tier: 'auto',
  };
  expect(mask(body).body).toEqual(body);
});

test('in an answer every text comes back', () => {
  const say = (text: string) => ({
    id: 'msg_1',
    content: [
      { type: 'thinking', thinking: text, signature: 'EqQB' },
      { type: 'text', text, citations: [{ cited_text: text }] },
      { type: 'tool_use', id: 't', name: 'f', input: { to: [text], [text]: 1 } },
    ],
    stop_sequence: text,
    usage: { input_tokens: 3, cache_read_input_tokens: 8, output_tokens: 7 },
  });
  const answer = say('To [EMAIL_k3f9x2]');
  expect(anthropicMessages.restoreAnswer(answer, restoration())).toEqual(say(`To ${SECRET}`));
  expect(anthropicMessages.readUsage(answer)).toEqual({ tokensIn: 11, tokensOut: 7 });
});

import { expect, test } from 'vitest';
import { createMasker } from '../../../src/guard/mask.ts';
import { createPlaceholders } from '../../../src/guard/placeholders.ts';
import { DEFAULT_PRIVACY } from '../../../src/guard/privacy.ts';
import { openaiChat } from '../../../src/guard/shapes/openai-chat.ts';

const SECRET = 'jane@acme.io';

function mask(body: Readonly<Record<string, unknown>>, privacy = DEFAULT_PRIVACY) {
  const placeholders = createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' });
  const masked = openaiChat.maskRequest(
    { model: 'm', messages: [], ...body },
    createMasker(placeholders),
    privacy,
  );
  return { text: JSON.stringify(masked.body), body: masked.body };
}

const message = (fields: Readonly<Record<string, unknown>>) => ({
  messages: [{ role: 'user', content: 'Hi', ...fields }],
});
const call = (fields: Readonly<Record<string, unknown>>) =>
  message({ tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', ...fields } }] });
const tool = (fields: Readonly<Record<string, unknown>>) => ({
  tools: [{ type: 'function', function: { name: 'f', ...fields } }],
});

const responseFormat = (json_schema: Readonly<Record<string, unknown>>) => ({
  response_format: { type: 'json_schema', json_schema },
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['a message', message({ content: SECRET })],
  ['a text part', message({ content: [{ type: 'text', text: SECRET }] })],
  ['a refusal part', message({ content: [{ type: 'refusal', refusal: SECRET }] })],
  ['the name of a speaker', message({ name: SECRET })],
  ['a refusal', message({ refusal: SECRET })],
  ['reasoning', message({ reasoning_content: SECRET, reasoning: [{ text: SECRET }] })],
  [
    'a tool result',
    message({ role: 'tool', tool_call_id: 'call_1', content: `{"rows": [{"mail": "${SECRET}"}]}` }),
  ],
  ['arguments of a tool call', call({ arguments: `{"to": ["${SECRET}"]}` })],
  ['keys of arguments', call({ arguments: `{"${SECRET}": 1}` })],
  ['arguments that are no JSON', call({ arguments: `{"to": "${SECRET}` })],
  ['arguments of the old form', message({ function_call: { name: 'f', arguments: `{"to": "${SECRET}"}` } })],
  ['the description of a tool', tool({ description: SECRET })],
  [
    'a schema',
    tool({
      parameters: {
        properties: { to: { description: SECRET, default: SECRET, enum: [SECRET], examples: [SECRET] } },
      },
    }),
  ],
  ['a function of the old form', { functions: [{ name: 'f', description: SECRET }] }],
  ['a response format', responseFormat({ schema: { const: SECRET } })],
  ['the description of a response format', responseFormat({ name: 'f', description: SECRET })],
  ['metadata', { metadata: { who: SECRET, [SECRET]: 'x' } }],
  ['the user', { user: SECRET }],
  ['a stop sequence', { stop: [SECRET] }],
  ['a prediction', { prediction: { type: 'content', content: [{ type: 'text', text: SECRET }] } }],
  [
    'input of a custom tool',
    message({ tool_calls: [{ type: 'custom', custom: { name: 'f', input: SECRET } }] }),
  ],
  ['what a provider adds to a call', message({ tool_calls: [{ extra_content: { google: [SECRET] } }] })],
  ['what a client adds to a tool', tool({ annotations: { [SECRET]: true } })],
  [
    'the location of a web search',
    { web_search_options: { user_location: { approximate: { city: SECRET } } } },
  ],
  ['the key of a cache', { prompt_cache_key: SECRET }],
  ['the safety identifier', { safety_identifier: SECRET }],
  ['arguments of a template', { chat_template_kwargs: { who: SECRET } }],
])('%s is masked', (_place, body) => {
  expect(JSON.stringify(body)).toContain(SECRET);
  const { text } = mask(body);
  expect(text).not.toContain(SECRET);
  expect(text).toMatch(/\[EMAIL_\w{6}\]/);
});

test('a number that is a value becomes its placeholder', () => {
  expect(mask({ metadata: { card: 4111111111111111 } }).text).toMatch(/"card":"\[CARD_\w{6}\]"/);
});

test('a request without personal data passes as it is', () => {
  const body = {
    model: 'openrouter/gpt-5:free',
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'You are Finance.' },
      {
        role: 'user',
        content: [{ type: 'text', text: 'Task 6f1c1f0e-3c0b-4a57-9b5c-1d2e3f4a5b6c over $125,000' }],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_4155550132',
            type: 'function',
            function: { name: 'mesh__send_task', arguments: '{ "amount": 125000 }' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_4155550132', content: '{"ok": true}' },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'mesh__send_task', parameters: { type: 'object', required: ['amount'] } },
      },
    ],
    tool_choice: { type: 'function', function: { name: 'mesh__send_task' } },
    temperature: 0.7,
    max_tokens: 4096,
    seed: 42,
    stop: ['END'],
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: {}, strict: true } },
    metadata: { run: '6f1c1f0e-3c0b-4a57-9b5c-1d2e3f4a5b6c' },
    logit_bias: { 50256: -100 },
    service_tier: 'auto',
    audio: null,
  };
  expect(mask(body).body).toEqual(body);
});

const PICTURE = message({ content: [{ type: 'image_url', image_url: { url: 'https://acme.io/jane.png' } }] });

test('media pass in mode auto if the profile lets them, never in mode strict', () => {
  const passing = { ...DEFAULT_PRIVACY, media: 'pass' } as const;
  expect(mask(PICTURE, passing).body).toEqual({ model: 'm', ...PICTURE });
  for (const privacy of [DEFAULT_PRIVACY, { ...passing, mode: 'strict' } as const]) {
    expect(() => mask(PICTURE, privacy)).toThrow('messages[0].content[0] was refused');
  }
});

test('in mode bypass a request passes as it is, known or not', () => {
  const body = { ...message({ content: SECRET }), novelty: SECRET };
  expect(mask(body, { ...DEFAULT_PRIVACY, mode: 'bypass' }).body).toEqual({ model: 'm', ...body });
});

import { expect, test } from 'vitest';
import { pickHeaders } from '../../src/guard/passed-headers.ts';
import { presentKey, urlBelow } from '../../src/guard/upstream-request.ts';

test.each([
  ['https://api.openai.com/v1', '/chat/completions', 'm', 'https://api.openai.com/v1/chat/completions'],
  ['https://openrouter.ai/api/v1/', '/messages', 'm', 'https://openrouter.ai/api/v1/messages'],
  [
    'https://a.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21',
    '/chat/completions',
    'gpt/4o',
    'https://a.openai.azure.com/openai/deployments/gpt%2F4o/chat/completions?api-version=2024-10-21',
  ],
  [
    'https://a.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21',
    '/models',
    undefined,
    'https://a.openai.azure.com/openai/models?api-version=2024-10-21',
  ],
])('below %s, %s of %s is %s', (base, path, model, url) => {
  expect(urlBelow(base, path, model).href).toBe(url);
});

test.each([
  [undefined, '/chat/completions', 'k', { authorization: 'Bearer k' }],
  ['openai', '/messages', 'k', { authorization: 'Bearer k' }],
  ['openai', '/chat/completions', '', {}],
  ['azure', '/responses', 'k', { 'api-key': 'k' }],
  ['anthropic', '/messages', 'k', { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' }],
  ['anthropic', '/messages/count_tokens', 'k', { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' }],
  ['anthropic', '/models', 'k', { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' }],
  ['anthropic', '/chat/completions', 'k', { authorization: 'Bearer k' }],
] as const)('%s gets its key for %s as it wants it', (api, path, api_key, headers) => {
  expect(presentKey({ base_url: 'https://x', api_key, api, private_hosts: [] }, path)).toEqual(headers);
});

test('of a caller’s headers only known ones of their form pass', () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const headers = new Headers({
    authorization: 'Bearer token',
    cookie: 'a=b',
    'user-agent': 'jane@acme.io',
    'openai-organization': 'org-1',
    'x-stainless-os': 'Linux',
    traceparent: trace,
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'context-1m-2025-08-07, jane@acme.io,files-api-2025-04-14,effort-x',
  });
  expect(pickHeaders(headers)).toEqual({
    traceparent: trace,
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'context-1m-2025-08-07',
  });
  const wrong = { traceparent: `${trace}-jane@acme.io`, 'anthropic-version': '2023-06-01 jane' };
  expect(pickHeaders(new Headers(wrong))).toEqual({});
});

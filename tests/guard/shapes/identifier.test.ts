import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsPersonalData } from '../../../src/guard/shapes/identifier.ts';

test.each([
  'jane@acme.io',
  'models/jane@acme.io:1',
  '536-22-8724',
  'call_536-22-8724',
  '4111111111111111',
  'cards/4111111111111111:0',
  'DE89370400440532013000',
  '10.0.0.1',
  'host:2001:db8::1',
  '+12125550187',
  'tel:212-555-0187',
])('%s holds personal data', (id) => {
  expect(holdsPersonalData(id)).toBe(true);
});

test.each([
  '',
  'mesh__request_approval',
  'developer__shell',
  'recipe__final_output',
  'functions.mesh__send_task:0',
  'call_4111111111111111',
  'chatcmpl-tool-4111111111111111',
  'function-call-1763807400123456',
  'gpt-4o-mini-2024-07-18',
  'openrouter/anthropic/claude-3.5-sonnet:beta',
  'accounts/fireworks/models/llama-v3p1-405b-instruct',
  'claude-sonnet-4@20250514',
  '@cf/meta/llama-3.1-8b-instruct',
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  'qwen2.5-coder:32b-instruct-q4_K_M',
])('%s does not', (id) => {
  expect(holdsPersonalData(id)).toBe(false);
});

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

function random(alphabet: string, minLength: number, maxLength = minLength): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });
}

test('nor does any id that clients and providers make', () => {
  const prefix = fc.constantFrom(
    'call_',
    'toolu_',
    'fc_',
    'chatcmpl-',
    'chatcmpl-tool-',
    'call-',
    'card_',
    'ssn-',
  );
  const ids = fc.oneof(
    fc.uuid(),
    // One of digits alone may well be a card's number.
    random('0123456789abcdef', 9, 40).filter((id) => /[a-f]/.test(id)),
    random(`${LETTERS}${DIGITS}_-`, 21),
    fc
      .tuple(prefix, fc.oneof(fc.uuid(), random(LETTERS + DIGITS, 8, 32), random(DIGITS, 10, 19)))
      .map((id) => id.join('')),
    random('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 24).map((id) => `01${id}`),
  );
  fc.assert(
    fc.property(ids, (id) => {
      expect(holdsPersonalData(id)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import type { OutputPolicy } from '../../../src/guard/restore/contain.ts';
import {
  createRestoration,
  createRestorer,
  type Encoding,
  restoreText,
} from '../../../src/guard/restore/restorer.ts';

const VALUES = new Map<string, MaskedValue>([['[EMAIL_k3f9x2]', { kind: 'EMAIL', value: 'jane@acme.io' }]]);
const REQUEST = { messages: [{ content: 'jane@acme.io, not sales@acme.io' }] };

const open = (output: OutputPolicy) => createRestoration(VALUES, { request: REQUEST, output });
const mask = (text: string, encoding: Encoding = 'text') => restoreText(open('mask'), encoding, text);

test.each([
  ['an address', 'Write to joe@evil.org now.', 'Write to [EMAIL hidden] now.'],
  ['an SSN', 'SSN 536-22-8724.', 'SSN [US_SSN hidden].'],
  ['a phone number', 'Call +1 (415) 555-2671 today', 'Call [PHONE hidden] today'],
  ['a card in groups', 'card 4111 1111 1111 1111, ok', 'card [CARD hidden], ok'],
  ['an IBAN in groups', 'GB29 NWBK 6016 1331 9268 19 is it', '[IBAN hidden] is it'],
  ['several', '"joe@evil.org";"536-22-8724"', '"[EMAIL hidden]";"[US_SSN hidden]"'],
  ['what stands beside a placeholder', '[EMAIL_k3f9x2] joe@evil.org', 'jane@acme.io [EMAIL hidden]'],
])('%s of the model is hidden', (_what, said, read) => {
  expect(mask(said)).toBe(read);
});

test.each([
  'The server 203.0.113.7 answered on 2026-11-22 at 12:30:01, see RFC 6890.',
  'Task 6f1c1f0e-3c0b-4a57-9b5c-1d2e3f4a5b6c over $1,250,000.00 in Q1 2027.',
  'Write to user@example.com, a@b.test.',
  'sales@acme.io stands in the request.',
  'Ada Lovelace, 12 St James Square, London.',
])('%j passes', (said) => {
  expect(mask(said)).toBe(said);
});

test('what is hidden is counted, and not as restored', () => {
  const restoration = open('mask');
  restoreText(restoration, 'text', '[EMAIL_k3f9x2] joe@evil.org 536-22-8724');
  expect(Object.fromEntries(restoration.contained)).toEqual({ EMAIL: 1, US_SSN: 1 });
  expect(Object.fromEntries(restoration.counts)).toEqual({ EMAIL: 1 });
});

test('by `allow` all of it passes', () => {
  expect(restoreText(open('allow'), 'text', '[EMAIL_k3f9x2] joe@evil.org')).toBe('jane@acme.io joe@evil.org');
});

test('by `refuse` the answer ends before it, and the error does not tell it', () => {
  const restorer = createRestorer(open('refuse'), 'text');
  expect(restorer.push('Ask [EMAIL_k3f9x2] or ')).toBe('Ask jane@acme.io or ');
  expect(restorer.push('joe@ev')).toBe('');
  expect(() => restorer.push('il.org now')).toThrow(
    "The model's answer held personal data (EMAIL) that was not in the request, and the profile refuses such answers.",
  );
  expect(restorer.flush()).toBe('');
});

test('JSON in a text stays JSON', () => {
  expect(mask('{"card": 4111111111111111}')).toBe('{"card": "[CARD hidden]"}');
});

test('arguments stay JSON', () => {
  const said =
    '{"to": "\\njoe@evil.org", "e": "\\u00e9va@evil.org", "card": 4111111111111111, "ok": "[EMAIL_k3f9x2]"}';
  expect(JSON.parse(mask(said, 'json'))).toEqual({
    to: '\n[EMAIL hidden]',
    e: '[EMAIL hidden]',
    card: '[CARD hidden]',
    ok: 'jane@acme.io',
  });
});

test.each([
  ['Hello', 'Hello', ''],
  ['Hello wor', 'Hello ', 'wor'],
  ['Hello world, ', 'Hello world, ', ''],
  ['In 2026', 'In ', '2026'],
  ['In 2026 ', 'In ', '2026 '],
  ['In 2026 we', 'In 2026 ', 'we'],
  ['你好，世界', '你好，世界', ''],
])('of %j it gives %j and holds back %j', (text, given, held) => {
  const restorer = createRestorer(open('mask'), 'text');
  expect(restorer.push(text)).toBe(given);
  expect(restorer.flush()).toBe(held);
});

test('a plain word at the beginning has gone when it becomes an address, the rest has not', () => {
  const restorer = createRestorer(open('mask'), 'text');
  expect(restorer.push('joe')).toBe('joe');
  expect(restorer.push('@evil.org ')).toBe('[EMAIL hidden] ');
});

const FRAGMENTS = [
  'joe@evil.org',
  '536-22-8724',
  '4111 1111 1111 1111',
  'GB29 NWBK 6016 1331 9268 19',
  '+1 415 555 2671',
  '[EMAIL_k3f9x2]',
  'sales@acme.io',
  'a',
  'word',
  'CARD',
  '12',
  '2026',
  '(',
  ')',
  '"',
  ',',
  '\n',
  '\\',
  ' ',
  '😀',
  '你好',
  '@',
];

test('the cuts between the pieces change nothing but at the first word', () => {
  const text = fc
    .array(fc.constantFrom(...FRAGMENTS), { maxLength: 10 })
    .map((parts) => `So: ${parts.join(' ')}`);
  const glued = fc
    .array(fc.constantFrom(...FRAGMENTS), { maxLength: 10 })
    .map((parts) => `So: ${parts.join('')}`);
  fc.assert(
    fc.property(fc.oneof(text, glued), fc.array(fc.nat(150), { maxLength: 8 }), (whole, at) => {
      for (const encoding of ['text', 'json'] as const) {
        const cuts = [0, ...at.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const restorer = createRestorer(open('mask'), encoding);
        const pieces = cuts.slice(1).map((cut, index) => restorer.push(whole.slice(cuts[index], cut)));
        expect(pieces.join('') + restorer.flush()).toBe(mask(whole, encoding));
      }
    }),
    { numRuns: 2000 },
  );
});

test.each(['1', '12 ', 'a', 'a@', '+', '(1) '])(
  'a million times %j is no more work than its length',
  (sign) => {
    const restorer = createRestorer(open('mask'), 'text');
    const text = sign.repeat(1000);
    let read = '';
    for (let piece = 0; piece < 300; piece++) read += restorer.push(text);
    expect((read + restorer.flush()).length).toBeGreaterThan(0);
  },
);

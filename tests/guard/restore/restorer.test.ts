import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import { createRestoration, createRestorer, restoreText } from '../../../src/guard/restore/restorer.ts';

const VALUES = new Map<string, MaskedValue>([
  ['[EMAIL_k3f9x2]', { kind: 'EMAIL', value: 'jane@acme.io' }],
  ['[EMAIL_k3f9x2ab]', { kind: 'EMAIL', value: 'joe@acme.io' }],
  ['[PHONE_000000]', { kind: 'PHONE', value: 'a "quoted"\\\nvalue 😀' }],
]);

const restoration = () => createRestoration(VALUES);

test('known placeholders are restored and counted, unknown ones stay', () => {
  const given = restoration();
  expect(restoreText(given, 'text', '[EMAIL_k3f9x2], [EMAIL_k3f9x2ab] [EMAIL_zzzzzz] [sic]')).toBe(
    'jane@acme.io, joe@acme.io [EMAIL_zzzzzz] [sic]',
  );
  expect(Object.fromEntries(given.counts)).toEqual({ EMAIL: 2 });
});

test('inside a JSON string values are escaped', () => {
  const restored = restoreText(restoration(), 'json', '{"a": "[PHONE_000000]"}');
  expect(JSON.parse(restored)).toEqual({ a: 'a "quoted"\\\nvalue 😀' });
});

test.each([
  ['plain text', 'plain text', ''],
  ['a [link](x)', 'a [link](x)', ''],
  ['see [1', 'see [1', ''],
  ['see [a b c d f', 'see [a b c d f', ''],
  ['To [', 'To ', '['],
  ['To [EMAIL_k3', 'To ', '[EMAIL_k3'],
  ['To e', 'To ', 'e'],
  ['To email', 'To ', 'email'],
  ['To emails', 'To emails', ''],
  ['[[EMAIL_k3f', '[', '[EMAIL_k3f'],
  ['[EMAIL_zz', '[EMAIL_zz', ''],
])('of %j it gives %j and holds back %j', (text, given, held) => {
  const restorer = createRestorer(restoration(), 'text');
  expect(restorer.push(text)).toBe(given);
  expect(restorer.flush()).toBe(held);
  expect(restorer.flush()).toBe('');
});

test('a code that was cut off is not taken for a shorter one', () => {
  expect(restoreText(restoration(), 'text', 'To [EMAIL_k3f9x2')).toBe('To [EMAIL_k3f9x2');
  expect(restoreText(restoration(), 'text', 'To [EMAIL_k3f9x2ab')).toBe('To [joe@acme.io');
});

test('the cuts between the pieces change nothing', () => {
  const piece = fc.constantFrom('[', ']', '[EMAIL_', 'k3f9x2', 'ab', ...VALUES.keys(), ' a ', '😀', '_');
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat(120), { maxLength: 8 }), (whole, at) => {
      const cuts = [0, ...at.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
      const restorer = createRestorer(restoration(), 'text');
      const pieces = cuts.slice(1).map((cut, index) => restorer.push(whole.slice(cuts[index], cut)));
      expect(pieces.join('') + restorer.flush()).toBe(restoreText(restoration(), 'text', whole));
    }),
    { numRuns: 2000 },
  );
});

test.each(['[', '\\', '[a ', 'e', 'EMAIL_', '\u200b['])(
  'a million times %j is no more work than its length',
  (sign) => {
    const text = sign.repeat(1_000_000 / sign.length);
    expect(restoreText(restoration(), 'text', text)).toBe(text);
  },
);

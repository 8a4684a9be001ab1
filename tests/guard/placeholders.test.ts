import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMasker } from '../../src/guard/mask.ts';
import { createPlaceholders, findLookalikes, isLookalike } from '../../src/guard/placeholders.ts';

const OPTIONS = { key: 'k'.repeat(32), scope: 'finance' };
const PLACEHOLDER = /^\[EMAIL_[0-9a-hjkmnp-tv-z]{6}\]$/;

test('a placeholder is short, typed and closed', () => {
  expect(createPlaceholders(OPTIONS).of('EMAIL', 'jane@acme.io')).toMatch(PLACEHOLDER);
});

test('it depends on key, scope, kind and value, and on nothing else', () => {
  const of = (options: Partial<typeof OPTIONS>, value = 'jane@acme.io') =>
    createPlaceholders({ ...OPTIONS, ...options }).of('EMAIL', value);
  expect(of({})).toBe(of({}));
  const different = [of({}), of({ key: 'x'.repeat(32) }), of({ scope: 'legal' }), of({}, 'joe@acme.io')];
  expect(new Set(different).size).toBe(4);
});

test('it gives back what each stands for', () => {
  const placeholders = createPlaceholders(OPTIONS);
  const placeholder = placeholders.of('US_SSN', '123-45-6789');
  expect(placeholders.of('US_SSN', '123-45-6789')).toBe(placeholder);
  expect([...placeholders.values]).toEqual([[placeholder, { kind: 'US_SSN', value: '123-45-6789' }]]);
});

test('of values whose codes clash the later one gets a longer code', () => {
  const placeholders = createPlaceholders(OPTIONS);
  // 150,000 values on 30 bits: about ten of them clash, and always the same ones.
  const given = Array.from({ length: 150_000 }, (_, index) =>
    placeholders.of('EMAIL', `user${index}@acme.io`),
  );
  expect(new Set(given).size).toBe(given.length);
  expect(given.filter((placeholder) => !PLACEHOLDER.test(placeholder)).length).toBeGreaterThan(0);
});

test('codes are unique over all kinds, so that a code alone says which value it stands for', () => {
  const placeholders = createPlaceholders({ ...OPTIONS, codeLength: 1 });
  for (let index = 0; index < 50; index++) {
    placeholders.of('EMAIL', `user${index}@acme.io`);
    placeholders.of('PHONE', `+1 415 555 ${2000 + index}`);
  }
  const codes = [...placeholders.values.keys()].map((placeholder) => placeholder.replace(/.*_|\]/g, ''));
  expect(new Set(codes).size).toBe(100);
});

test.each([
  ['He wrote [EMAIL_k3f9x2] and [US_SSN_0].', ['[EMAIL_k3f9x2]', '[US_SSN_0]']],
  ['[email_k3f9x2] [EMAIL_] [EMAIL_K3F9] [INVOICE_k3f9x2] [EMAIL_k3f9', []],
])('of %j it finds %j', (text, found) => {
  expect(findLookalikes(text).map(({ start, end }) => text.slice(start, end))).toEqual(found);
  expect(found.every(isLookalike)).toBe(true);
});

const code = fc.nat(31).map((index) => '0123456789abcdefghjkmnpqrstvwxyz'.charAt(index));
/** Codes of one character clash all the time, and a person may well hit one. */
const word = fc.oneof(
  fc.nat(60).map((n) => `user${n}@acme.io`),
  fc.nat(60).map((n) => `536-22-${8700 + n}`),
  code.map((one) => `[EMAIL_${one}]`),
  code.map((one) => `[US_SSN_${one}]`),
  fc.constantFrom('and', '[EMAIL_', ']', '\n'),
);
const turn = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));

test('what comes in later turns changes nothing in earlier ones', () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 2, maxLength: 12 }), (turns) => {
      const mask = (texts: readonly string[]) => {
        const masker = createMasker(createPlaceholders({ ...OPTIONS, codeLength: 1 }));
        return texts.map((text) => masker.text(text));
      };
      const whole = mask(turns);
      for (let count = 1; count < turns.length; count++) {
        expect(mask(turns.slice(0, count))).toEqual(whole.slice(0, count));
      }
    }),
    { numRuns: 500 },
  );
});

test('every placeholder in a masked text is one of the request, and no two values share one', () => {
  fc.assert(
    fc.property(turn, (text) => {
      const placeholders = createPlaceholders({ ...OPTIONS, codeLength: 1 });
      const masked = createMasker(placeholders).text(text);
      for (const { start, end } of findLookalikes(masked)) {
        expect(placeholders.values.has(masked.slice(start, end))).toBe(true);
      }
      const values = [...placeholders.values.values()].map(({ kind, value }) => `${kind} ${value}`);
      expect(new Set(values).size).toBe(values.length);
    }),
    { numRuns: 2000 },
  );
});

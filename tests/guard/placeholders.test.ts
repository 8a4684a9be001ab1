import { expect, test } from 'vitest';
import { createPlaceholders, findLookalikes } from '../../src/guard/placeholders.ts';

const OPTIONS = { key: 'k'.repeat(32), scope: 'finance', taken: new Set<string>() };
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

test('of values whose tags clash the later one gets a longer tag', () => {
  const placeholders = createPlaceholders(OPTIONS);
  // 150,000 values on 30 bits: about ten of them clash, and always the same ones.
  const given = Array.from({ length: 150_000 }, (_, index) =>
    placeholders.of('EMAIL', `user${index}@acme.io`),
  );
  expect(new Set(given).size).toBe(given.length);
  expect(given.filter((placeholder) => !PLACEHOLDER.test(placeholder)).length).toBeGreaterThan(0);
});

test('a placeholder that already stands in the request is never given out', () => {
  const usual = createPlaceholders(OPTIONS).of('EMAIL', 'jane@acme.io');
  const taken = findLookalikes(
    JSON.stringify({ text: `He wrote ${usual} and [EMAIL_x] and [EMAIL_000000].` }),
  );
  expect([...taken]).toEqual([usual, '[EMAIL_000000]']);
  const other = createPlaceholders({ ...OPTIONS, taken }).of('EMAIL', 'jane@acme.io');
  expect(other).toHaveLength(usual.length + 2);
  expect(other).toContain(usual.slice(0, -1));
});

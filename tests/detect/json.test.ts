import { expect, test } from 'vitest';
import { rewriteJson } from '../../src/detect/json.ts';
import { redact } from '../../src/detect/redact.ts';

const hideSsns = (value: unknown) => rewriteJson(value, (text, field) => redact(text, ['US_SSN'], field));

test('a rewriting reaches every string, key and number of a JSON value', () => {
  const value = {
    note: 'SSN 123-45-6789',
    people: [{ ssn: '123456789' }, { ssn: 123456789 }, ['123-45-6789']],
    '123-45-6789': true,
    amount: 125000,
    none: null,
  };
  expect(hideSsns(value)).toEqual({
    note: 'SSN [US_SSN hidden]',
    people: [{ ssn: '[US_SSN hidden]' }, { ssn: '[US_SSN hidden]' }, ['[US_SSN hidden]']],
    '[US_SSN hidden]': true,
    amount: 125000,
    none: null,
  });
});

test('a value nested too deep is refused before the stack ends', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 50_000; level++) deep = [deep];
  expect(() => hideSsns(deep)).toThrow(/200 levels/);
});

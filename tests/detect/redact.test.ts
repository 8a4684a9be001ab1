import { expect, test } from 'vitest';
import { redact, redactJson } from '../../src/detect/redact.ts';

test('hides values of the given kinds and no others', () => {
  expect(redact('Jane, 123-45-6789, jane@acme.io', ['US_SSN'])).toBe('Jane, [US_SSN hidden], jane@acme.io');
});

test('redacting twice changes nothing more', () => {
  const once = redact('Call +1 415 555 0132', ['PHONE']);
  expect(redact(once, ['PHONE'])).toBe(once);
});

test('reaches every string, key and number of a JSON value', () => {
  const value = {
    note: 'SSN 123-45-6789',
    people: [{ ssn: '123456789' }, { ssn: 123456789 }, ['123-45-6789']],
    '123-45-6789': true,
    amount: 125000,
    none: null,
  };
  expect(redactJson(value, ['US_SSN'])).toEqual({
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
  expect(() => redactJson(deep, ['EMAIL'])).toThrow(/200 levels/);
});

import { expect, test } from 'vitest';
import { redact } from '../../src/detect/redact.ts';

test('hides values of the given kinds and no others', () => {
  expect(redact('Jane, 123-45-6789, jane@acme.io', ['US_SSN'])).toBe('Jane, [US_SSN hidden], jane@acme.io');
});

test('redacting twice changes nothing more', () => {
  const once = redact('Call +1 415 555 0132', ['PHONE']);
  expect(redact(once, ['PHONE'])).toBe(once);
});

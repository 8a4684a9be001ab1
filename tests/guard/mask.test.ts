import { expect, test } from 'vitest';
import { createMasker } from '../../src/guard/mask.ts';
import { createPlaceholders } from '../../src/guard/placeholders.ts';

const placeholders = createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' });
const masker = createMasker(placeholders);
const EMAIL = placeholders.of('EMAIL', 'jane@acme.io');
const SSN = placeholders.of('US_SSN', '123456789');
const CARD = placeholders.of('CARD', '4111111111111111');

test('values in prose are masked', () => {
  expect(masker.text('Write to jane@acme.io.')).toBe(`Write to ${EMAIL}.`);
});

test('JSON in a text is masked inside its strings and stays JSON', () => {
  const text = JSON.stringify(
    { note: 'Contact:\njane@acme.io', ssn: '123456789', card: 4111111111111111 },
    null,
    2,
  );
  expect(JSON.parse(masker.text(text))).toEqual({ note: `Contact:\n${EMAIL}`, ssn: SSN, card: CARD });
});

test('JSON in JSON in JSON is masked', () => {
  const nest = (text: string) => JSON.stringify({ a: JSON.stringify([JSON.stringify(text)]) });
  expect(masker.text(nest('say "jane@acme.io"'))).toBe(nest(`say "${EMAIL}"`));
});

test('a value is known by the name of its field', () => {
  expect(masker.json({ ssn: ['123456789', 123456789], id: '123456789' })).toEqual({
    ssn: [SSN, SSN],
    id: '123456789',
  });
});

test('keys are masked, other values pass', () => {
  const value = { 'jane@acme.io': [1, 2.5, true, null, 'text', { max: 2147483647 }] };
  expect(masker.json(value)).toEqual({ [EMAIL]: value['jane@acme.io'] });
});

test('text that looks like a placeholder is masked as a value', () => {
  expect(masker.text('[EMAIL_k3f9x2] [EMAIL_jane@acme.io]')).toMatch(
    /^(?!\[EMAIL_k3f9x2\])\[EMAIL_\w{6}\] \[\[EMAIL_\w{6}\]\]$/,
  );
});

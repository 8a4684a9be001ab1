import { expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each([
  ['Write to jane.doe+hr@mail.acme.example, please.', 'jane.doe+hr@mail.acme.example'],
  ['<jane@acme.io>', 'jane@acme.io'],
  ["'jane@acme.io'", 'jane@acme.io'],
  ['mailto:jane@acme.io?subject=x', 'jane@acme.io'],
  ['https://acme.io/?to=jane@acme.io&x=1', 'jane@acme.io'],
  ['**jane@acme.io**', 'jane@acme.io'],
  ['See jane@acme.io.', 'jane@acme.io'],
  ["o'brien@acme.ie", "o'brien@acme.ie"],
  ['jürgen@müller.example', 'jürgen@müller.example'],
  ['user@xn--80ak6aa92e.com', 'user@xn--80ak6aa92e.com'],
  ['jane＠acme.io', 'jane＠acme.io'],
  ['backup of jane@acme.io_2024', 'jane@acme.io'],
])('finds the address in %j', (text, address) => {
  expect(found('EMAIL', text)).toEqual([address]);
});

test('a line break written as \\n does not become part of an address', () => {
  expect(found('EMAIL', String.raw`{"note": "Contacts:\njane@acme.io\tjoe@acme.io"}`)).toEqual([
    'jane@acme.io',
    'joe@acme.io',
  ]);
});

test.each([
  '@types/node',
  'vitest@5.1.1',
  'image@sha256:abc',
  'user@localhost',
  '@',
  'a@@b.com@',
  '@app.route',
])('finds nothing in %j', (text) => {
  expect(found('EMAIL', text)).toEqual([]);
});

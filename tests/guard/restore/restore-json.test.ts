import { expect, test } from 'vitest';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import { restoreJson } from '../../../src/guard/restore/restore-json.ts';
import { createRestoration } from '../../../src/guard/restore/restorer.ts';

const HERE = '[EMAIL_k3f9x2]';
const VALUES = new Map<string, MaskedValue>([[HERE, { kind: 'EMAIL', value: 'jane@acme.io' }]]);
const restore = (value: unknown, egress = {}) =>
  restoreJson(createRestoration(VALUES, { output: 'mask', egress }), value);

test('every text is restored, and what only the model wrote is hidden', () => {
  expect(restore([{ content: [{ text: `${HERE} joe@evil.org` }], [HERE]: 1, n: null }])).toEqual([
    { content: [{ text: 'jane@acme.io [EMAIL hidden]' }], 'jane@acme.io': 1, n: null },
  ]);
});

test('words of the protocol pass as they are', () => {
  const call = {
    id: 'card-4111111111111111',
    type: 'function',
    name: '536-22-8724',
    signature: 'joe@evil.org',
  };
  expect(restore(call)).toEqual(call);
});

test.each([
  [
    'arguments',
    { name: 'mail', arguments: `{"to": "${HERE}"}` },
    { name: 'mail', arguments: '{"to": "jane@acme.io"}' },
  ],
  ['an input', { name: 'mail', input: { id: [HERE] } }, { name: 'mail', input: { id: ['jane@acme.io'] } }],
  [
    'arguments of another tool',
    { name: 'web', arguments: `"${HERE}"` },
    { name: 'web', arguments: `"${HERE}"` },
  ],
  [
    'an input of another tool',
    { name: 'web', input: { id: [HERE] } },
    { name: 'web', input: { id: [HERE] } },
  ],
  ['an input of no tool', { input: HERE }, { input: HERE }],
])('%s: a tool is told what it may know', (_what, call, read) => {
  expect(restore(call, { mail: ['EMAIL'] })).toEqual(read);
});

test('an answer that is nested too deep is refused', () => {
  let deep: unknown = HERE;
  for (let level = 0; level < 300; level++) deep = [deep];
  expect(() => restore(deep)).toThrow('200 levels');
});

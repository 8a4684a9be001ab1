import { expect, test } from 'vitest';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import type { Egress } from '../../../src/guard/restore/egress.ts';
import { createRestoration, restoreText } from '../../../src/guard/restore/restorer.ts';

const VALUES = new Map<string, MaskedValue>([
  ['[EMAIL_k3f9x2]', { kind: 'EMAIL', value: 'jane@acme.io' }],
  ['[US_SSN_7xq0aa]', { kind: 'US_SSN', value: '123-45-6789' }],
  ['[EMAIL_000000]', { kind: 'EMAIL', value: '[EMAIL_abcdef]' }],
]);

function call(tool: string | undefined, egress?: Egress): string {
  const restoration = createRestoration(VALUES, { egress });
  return restoreText(restoration, 'json', '"[EMAIL_k3f9x2] [US_SSN_7xq0aa]"', tool);
}

const ALL = '"jane@acme.io 123-45-6789"';

test('without rules every tool is told everything', () => {
  expect(call('developer__shell')).toBe(ALL);
});

test.each([
  ['a tool that no rule names', 'developer__shell', '"[EMAIL_k3f9x2] [US_SSN_7xq0aa]"'],
  ['a tool with some kinds', 'mail__send', '"jane@acme.io [US_SSN_7xq0aa]"'],
  ['a tool with all kinds', 'hr__payroll', ALL],
  ['a tool of the mesh', 'mesh__send_task', ALL],
  ['a tool with a longer name of its own', 'hr__print', '"[EMAIL_k3f9x2] [US_SSN_7xq0aa]"'],
  ['a call without a name', '', '"[EMAIL_k3f9x2] [US_SSN_7xq0aa]"'],
  ['a text, which is no call', undefined, ALL],
])('%s', (_what, tool, read) => {
  expect(call(tool, { 'mail__*': ['EMAIL'], 'hr__*': '*', hr__print: [] })).toBe(read);
});

test('* speaks for all tools but those that another rule names', () => {
  const egress: Egress = { '*': ['EMAIL'], 'web__*': [] };
  expect(call('developer__shell', egress)).toBe('"jane@acme.io [US_SSN_7xq0aa]"');
  expect(call('web__fetch', egress)).toBe('"[EMAIL_k3f9x2] [US_SSN_7xq0aa]"');
  expect(call('mesh__notify', egress)).toBe(ALL);
});

test('a text that only looks like a placeholder comes back for every tool, and what is kept is not counted', () => {
  const restoration = createRestoration(VALUES, { egress: {} });
  expect(restoreText(restoration, 'json', '"[EMAIL_000000] [EMAIL_k3f9x2]"', 'web')).toBe(
    '"[EMAIL_abcdef] [EMAIL_k3f9x2]"',
  );
  expect(Object.fromEntries(restoration.counts)).toEqual({ EMAIL: 1 });
});

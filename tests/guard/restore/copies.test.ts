import { expect, test } from 'vitest';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import { createRestoration, createRestorer, restoreText } from '../../../src/guard/restore/restorer.ts';

const VALUES = new Map<string, MaskedValue>([
  ['[EMAIL_k3f9x2]', { kind: 'EMAIL', value: 'jane@acme.io' }],
  ['[US_SSN_7xq0aa]', { kind: 'US_SSN', value: '123-45-6789' }],
]);

/** What a model may make of a placeholder, and what its reader gets. */
const COPIES: readonly (readonly [string, string])[] = [
  ['To [EMAIL_k3f9x2].', 'To jane@acme.io.'],
  ['To [email_k3f9x2] or [Email_K3F9X2].', 'To jane@acme.io or jane@acme.io.'],
  ['To **[EMAIL_k3f9x2]**.', 'To **jane@acme.io**.'],
  ['To `[EMAIL_k3f9x2]`.', 'To `jane@acme.io`.'],
  ['To [**EMAIL_k3f9x2**].', 'To jane@acme.io.'],
  ['To [EMAIL_**k3f9x2**].', 'To jane@acme.io.'],
  ['To [`EMAIL_k3f9x2`].', 'To jane@acme.io.'],
  [String.raw`To \[EMAIL\_k3f9x2\].`, 'To jane@acme.io.'],
  [String.raw`To [EMAIL\_k3f9x2].`, 'To jane@acme.io.'],
  [String.raw`\[EMAIL_k3f9x2] and [EMAIL_k3f9x2\]`, String.raw`\jane@acme.io and jane@acme.io`],
  ['To [EMAIL k3f9x2], [ EMAIL_k3f9x2 ].', 'To jane@acme.io, jane@acme.io.'],
  [
    'To [EMAIL-k3f9x2], [EMAIL\u2011k3f9x2], [EMAIL: k3f9x2].',
    'To jane@acme.io, jane@acme.io, jane@acme.io.',
  ],
  ['SSN [US-SSN-7xq0aa], [us ssn 7xq0aa].', 'SSN 123-45-6789, 123-45-6789.'],
  ['To ［EMAIL_k3f9x2］, 【EMAIL_k3f9x2】.', 'To jane@acme.io, jane@acme.io.'],
  ['To ［ＥＭＡＩＬ＿ｋ３ｆ９ｘ２］.', 'To jane@acme.io.'],
  ['To [ＥＭＡＩＬ_ｋ３ｆ９ｘ２].', 'To jane@acme.io.'],
  ['To [EMAIL_\u200bk3f9x2\u200b].', 'To jane@acme.io.'],
  ['To EMAIL_k3f9x2, email-k3f9x2.', 'To jane@acme.io, jane@acme.io.'],
  ['To <EMAIL_k3f9x2> (EMAIL_k3f9x2).', 'To <jane@acme.io> (jane@acme.io).'],
  ['SSN US_SSN_7xq0aa', 'SSN 123-45-6789'],
  ['of [EMAIL_k3f9x2, US_SSN_7xq0aa]', 'of [jane@acme.io, 123-45-6789]'],
  ['A [CORREO_k3f9x2].', 'A jane@acme.io.'],
  ['A [CORREO ELECTRÓNICO_k3f9x2], [邮箱_k3f9x2].', 'A jane@acme.io, jane@acme.io.'],
  ['A [k3f9x2].', 'A jane@acme.io.'],
  // None of these says which placeholder it is, or that it is one.
  ['A [CORREO_k3f9], [EMAIL_k3f9x3], [EMAIL_k3f9x2a].', 'A [CORREO_k3f9], [EMAIL_k3f9x3], [EMAIL_k3f9x2a].'],
  ['A k3f9x2, MYEMAIL_k3f9x2, EMAIL_k3f9x2y.', 'A k3f9x2, MYEMAIL_k3f9x2, EMAIL_k3f9x2y.'],
  ['[one two three four k3f9x2] [1 k3f9x2]', '[one two three four k3f9x2] [1 k3f9x2]'],
  ['[EMAIL\nk3f9x2] [EMAIL_"k3f9x2"]', '[EMAIL\nk3f9x2] [EMAIL_"k3f9x2"]'],
];

test.each(COPIES)('%j is read as %j', (said, read) => {
  expect(restoreText(createRestoration(VALUES), 'text', said)).toBe(read);
});

/** All ways to cut a text once or twice. */
function* cutUpToTwice(text: string): Generator<readonly string[]> {
  for (let first = 0; first < text.length; first++) {
    for (let second = first; second < text.length; second++) {
      yield [text.slice(0, first), text.slice(first, second), text.slice(second)];
    }
  }
}

function restorePieces(
  pieces: readonly string[],
  encoding: 'text' | 'json',
  output: 'allow' | 'mask',
): string {
  const restorer = createRestorer(createRestoration(VALUES, { output }), encoding);
  return pieces.map((piece) => restorer.push(piece)).join('') + restorer.flush();
}

test.each(COPIES)('%j is read so wherever it is cut once or twice', (said, read) => {
  for (const pieces of cutUpToTwice(said)) {
    expect(restorePieces(pieces, 'text', 'allow')).toBe(read);
  }
});

test.each(COPIES)('%j is read so in arguments, and wherever their JSON is cut', (said, read) => {
  const ascii = JSON.stringify({ to: said }).replaceAll(
    /[^ -~]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  for (const json of [JSON.stringify({ to: said }), ascii, ascii.replaceAll('[', '\\u005B')]) {
    for (let at = 0; at < json.length; at++) {
      const restored = restorePieces([json.slice(0, at), json.slice(at)], 'json', 'allow');
      expect(JSON.parse(restored)).toEqual({ to: read });
    }
  }
});

test('a code that somebody wrote into the request is only read in an exact placeholder', () => {
  const request = { messages: [{ content: 'jane@acme.io is [Correo k3f9x2], not k3f9x2' }] };
  const given = createRestoration(VALUES, { request });
  expect(restoreText(given, 'text', '[EMAIL_k3f9x2] is [Correo k3f9x2], EMAIL_k3f9x2')).toBe(
    'jane@acme.io is [Correo k3f9x2], EMAIL_k3f9x2',
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteJson } from '../../src/detect/json.ts';
import { rewriteJsonText } from '../../src/guard/json-text.ts';

test('strings, keys and numbers are rewritten, each with the name of its field', () => {
  const seen: [string, string | undefined][] = [];
  rewriteJsonText('{"a": "b", "c": [1, "d", {"e": -1.5e3}]}', (text, field) => {
    seen.push([text, field]);
    return text;
  });
  expect(seen).toEqual([
    ['a', undefined],
    ['b', 'a'],
    ['c', undefined],
    ['1', 'c'],
    ['d', 'c'],
    ['e', undefined],
    ['-1.5e3', 'e'],
  ]);
});

test('a rewritten number becomes a string', () => {
  expect(rewriteJsonText('[4111111111111111, 7]', (text) => text.replace(/^4.*/, 'hidden'))).toBe(
    '["hidden", 7]',
  );
});

test('what is not rewritten keeps every byte', () => {
  const text = '  {"a" : "\\u0041\\/", "a": 12345678901234567890, "b":1.0}\n';
  expect(rewriteJsonText(text, (value) => value)).toBe(text);
});

test.each(['', 'plain', '12', 'null', '{"a": 1', '[EMAIL_k3f9x2] and more', '{"a": 1} {"b": 2}'])(
  '%j is not rewritten as JSON',
  (text) => {
    expect(rewriteJsonText(text, () => 'x')).toBeUndefined();
  },
);

test('it rewrites as parsing, mapping and printing would', () => {
  const swap = (text: string) => (/^-?\d/.test(text) ? text : `"${text}\\\n`);
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
      const rewritten = rewriteJsonText(JSON.stringify([value], null, indent), swap);
      expect(JSON.parse(rewritten ?? '')).toEqual(JSON.parse(JSON.stringify(rewriteJson([value], swap))));
    }),
  );
});

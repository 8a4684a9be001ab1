import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATA_KINDS } from '../../src/core/kinds.ts';
import { detect } from '../../src/detect/detect.ts';
import { readView } from '../../src/detect/view.ts';
import { found } from './support/found.ts';

const ESC = '\x1b';

describe('a value is found, and its span is that of the original', () => {
  test.each([
    ['zero-width signs', '536\u200b-22\u200d-87\u206024', '536\u200b-22\u200d-87\u206024'],
    ['marks of direction', 'ssn \u202a536-22-8724\u202c', '536-22-8724'],
    ['a soft hyphen', '536\u00ad-22-8724', '536\u00ad-22-8724'],
    ['colours inside', `536-${ESC}[31m22${ESC}[0m-8724`, `536-${ESC}[31m22${ESC}[0m-8724`],
    ['colours around', `${ESC}[1;31m536-22-8724${ESC}[0m`, '536-22-8724'],
    ['colours as JSON writes them', String.raw`536-\u001b[31m22-8724`, String.raw`536-\u001b[31m22-8724`],
    [
      'colours as shells write them',
      String.raw`536-\033[31m22-\x1b[0m8724`,
      String.raw`536-\033[31m22-\x1b[0m8724`,
    ],
    ['control characters', '536-\x0022-8724\x07', '536-\x0022-8724'],
    ['accents on digits', '5\u03013\u03016-22-8724', '5\u03013\u03016-22-8724'],
    ['keycaps', '5\ufe0f\u20e336-22-8724', '5\ufe0f\u20e336-22-8724'],
    ['mathematical digits', '𝟓𝟑𝟔-22-8724', '𝟓𝟑𝟔-22-8724'],
    ['full-width signs', '５３６－２２－８７２４', '５３６－２２－８７２４'],
    ['Thai digits', '๕๓๖-๒๒-๘๗๒๔', '๕๓๖-๒๒-๘๗๒๔'],
    ['percent-encoding', '%35%33%36-22%2D8724', '%35%33%36-22%2D8724'],
    ['JSON in JSON', String.raw`{\"a\":\"536\\u002d22-8724\"}`, String.raw`536\\u002d22-8724`],
    ['HTML', '536&#45;22&#x2D;8724', '536&#45;22&#x2D;8724'],
  ])('behind %s', (_name, text, value) => {
    expect(found('US_SSN', text)).toEqual([value]);
    expect(found('US_SSN', `😀 ${text} é`)).toEqual([value]);
  });

  test.each([
    ['jane%40acme.io', 'jane%40acme.io'],
    ['j%C3%BCrgen%40acme.io', 'j%C3%BCrgen%40acme.io'],
    [String.raw`x\njane\u0040acme.io\t`, String.raw`jane\u0040acme.io`],
    ['jane&commat;acme.io', 'jane&commat;acme.io'],
    ['ｊａｎｅ＠ａｃｍｅ．ｉｏ', 'ｊａｎｅ＠ａｃｍｅ．ｉｏ'],
    [`${ESC}]8;;mailto:jane@acme.io\x07Jane${ESC}]8;;\x07`, 'jane@acme.io'],
  ])('the address in %j', (text, value) => {
    expect(found('EMAIL', text)).toEqual([value]);
  });
});

test('a sign without width between a word and a number parts them', () => {
  expect(found('PHONE', 'phone\u200b+1 415 555 2671')).toEqual(['+1 415 555 2671']);
});

describe('base64', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['a text', encode('Contact: ada.morgan@acme.example, thanks')],
    ['the URL alphabet', Buffer.from('Contact: ada.morgan@acme.example ???').toString('base64url')],
    ['base64 in base64', encode(encode('Contact: ada.morgan@acme.example'))],
    [
      'lines',
      encode('The address of Ada is ada.morgan@acme.example, ask her. '.repeat(3)).replaceAll(
        /.{76}/g,
        '$&\n',
      ),
    ],
  ])('%s is masked as a whole', (_name, encoded) => {
    expect(found('EMAIL', `data: "${encoded}" end`)).toEqual([encoded]);
  });

  test('what holds nothing personal, and bytes, are left alone', () => {
    const bytes = Buffer.from(Array.from({ length: 99 }, (_, index) => (index * 83) % 256)).toString(
      'base64',
    );
    expect(detect(`${encode('Nothing to see here, really.')} ${bytes}`)).toEqual([]);
  });
});

test('a text without anything hidden is read as it is', () => {
  expect(readView('Ünï 100% & more\n')).toEqual({ text: 'Ünï 100% & more\n' });
});

describe('on any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\u200b',
      '\u0301',
      `${ESC}[31m`,
      ESC,
      '%41',
      '%e2%82%ac',
      '%ff',
      '\\u0041',
      '\\n',
      '\\',
      '&#65;',
      '&amp;',
      '𝟓',
      '\ud835',
      'é',
      'a',
      '1',
      '%',
      '&#',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  test('places of the view are places of the original, in the same order', () => {
    fc.assert(
      fc.property(anyText, (original) => {
        const { text, toOriginal } = readView(original);
        if (toOriginal === undefined) {
          expect(text).toHaveLength(original.length);
          return;
        }
        let from = 0;
        for (let at = 0; at < text.length; at += 1) {
          const { start, end } = toOriginal(at, at + 1);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeGreaterThanOrEqual(from);
          from = end;
        }
        expect(from).toBeLessThanOrEqual(original.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('a value stays found wherever signs without width are put into it', () => {
    const hidden = fc.constantFrom('\u200b', '\u2060', '\u202e', `${ESC}[0m`, '\ufeff', '\x07');
    fc.assert(
      fc.property(
        fc.constantFrom('536-22-8724', 'ada@acme.example', '4111 1111 1111 1111'),
        fc.nat(20),
        hidden,
        (value, place, sign) => {
          const at = 1 + (place % (value.length - 1));
          const broken = `${value.slice(0, at)}${sign}${value.slice(at)}`;
          const spans = detect(`x ${broken} y`, { kinds: DATA_KINDS });
          expect(spans.some(({ start, end }) => start <= 2 && end >= 2 + broken.length)).toBe(true);
        },
      ),
    );
  });
});

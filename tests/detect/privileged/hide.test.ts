import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Facts, gatherFacts } from '../../../src/detect/privileged/facts.ts';
import { hideFacts } from '../../../src/detect/privileged/hide.ts';

const MATTER = gatherFacts({
  texts: [
    'Possible SOX issue in the Q4 expenses, accounts 6100, 6200 and 6300: the impact is $45,000.00.',
    'Write to ada.lovelace@example.org or +1 (555) 010-4477 about INV-20-42 and dossier a1b2c3.',
  ],
  values: [
    { supplier: 'Northwind Traders', severity: 4, rate: 0.12, notes: ['Dr. Jürgen Groß', { big: 1.2e6 }] },
  ],
});
const hide = (text: string, facts: Facts = MATTER) => hideFacts(text, facts, []);

describe('a fact is hidden in whichever way it is written', () => {
  test.each([
    [
      '45000',
      ['45000', '45,000', '45.000', '45 000', "45'000", '45\u202f000', '$45,000', 'USD45000', '45,000.00'],
    ],
    ['45000 in words of size', ['45k', '45 thousand', '45 K', '0.045 million', '45-thousand', '٤٥٠٠٠']],
    ['1200000', ['1200000', '1,200,000', '1.2 million', '1,2 Mio', '1.2M', '1,200k']],
    ['an account', ['6100', 'AC6100', '6-100', '6100.', '#6100']],
    ['a supplier', ['Northwind Traders', 'NORTHWIND  TRADERS', 'northwind-traders', 'Northwind\nTraders!']],
    ['a person', ['Dr. Jürgen Groß', 'DR JÜRGEN GROSS', 'Dr. Ju\u0308rgen Gross', 'dr.jurgen.gross']],
    ['an address', ['ada.lovelace@example.org', 'ADA.LOVELACE@EXAMPLE.ORG', 'ada lovelace example org']],
    ['a phone number', ['+1 (555) 010-4477', '15550104477', '1-555-010-4477', '1 555 0104477']],
    ['an invoice', ['INV-20-42', 'inv 20 42', 'INV/2042', 'inv2042']],
    ['a dossier', ['a1b2c3', 'A1-B2-C3']],
    ['a short figure', ['4', '(4)', '0.12', '0,12']],
  ])('%s', (_fact, writings) => {
    for (const writing of writings) {
      expect(hide(`So ${writing} it is`)).toMatch(/^So \W?(USD|AC)?\[privileged\](\.00)?\W? it is$/);
    }
  });
});

test.each([
  ['a longer number', 'It is 145000 or 450001.'],
  ['a word that holds a name', 'Northwinders trade.'],
  ['part of a figure', 'It is 40 or 14.'],
  ['four words in a row', 'Possible SOX issue in March.'],
  ['nothing of it', 'Please acknowledge; all is well.'],
])('%s stays as it is', (_what, text) => {
  expect(hide(text)).toBe(text);
});

test.each([
  [
    'as they were',
    'We have a possible SOX issue in the Q4 expenses, sadly.',
    'We have a [privileged], sadly.',
  ],
  ['in another dress', 'POSSIBLE--sox issue\nin "the" end.', '[privileged]" end.'],
  ['without blanks', 'apossibleSOXissueinthe end', '[privileged] end'],
])('five words in a row are hidden %s', (_how, text, hidden) => {
  expect(hide(text)).toBe(hidden);
});

test('personal data is hidden with the facts, and where both overlap nothing is left of either', () => {
  const facts = gatherFacts({ texts: [], values: ['ada'] });
  const text = 'Ask ada, bob@example.org or ada@example.org.';
  expect(hideFacts(text, facts, ['EMAIL'])).toBe('Ask [privileged], [EMAIL hidden] or [privileged].');
});

test('no source hides nothing', () => {
  expect(hide('Anything 45000', gatherFacts({ texts: [], values: [] }))).toBe('Anything 45000');
});

describe('law: no fact and no quote of five words survives', () => {
  const word = fc
    .stringMatching(/^[a-zäößé]{1,9}$/)
    .filter((text) => !'privileged'.includes(text.toLowerCase()));
  const number = fc.integer({ min: 100, max: 99_999_999 });
  const blank = fc.constantFrom(' ', '  ', '\n', ', ', ' – ', '. ', '-', '\u00a0', '/');
  const filler = fc.array(fc.constantFrom('Well', 'then', 'so', 'be', 'it', 'now', 'yes'), { maxLength: 4 });
  const around = fc.tuple(filler, filler);

  const inAnyCase = (text: string) =>
    fc.constantFrom(
      text,
      text.toUpperCase(),
      text.toLowerCase(),
      text.replace(/^./u, (c) => c.toUpperCase()),
    );
  const writings = (value: number) => {
    const grouped = (sign: string) => String(value).replace(/\B(?=(\d{3})+$)/g, sign);
    return fc.constantFrom(
      ...['', ',', '.', ' ', "'", '\u00a0', '\u202f', '_', '’'].map(grouped),
      `$${grouped(',')}`,
      `${grouped(',')}.00`,
      `€${value}`,
    );
  };
  const lettersOf = (text: string) =>
    text
      .normalize('NFKD')
      .toUpperCase()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');

  test('of numbers', () => {
    const property = fc.property(
      number.chain((value) => fc.tuple(fc.constant(value), writings(value), writings(value), fc.boolean())),
      around,
      ([value, told, repeated, inData], [before, after]) => {
        const source = inData
          ? { texts: [], values: [{ a: [value] }] }
          : { texts: [`It is ${told} now`], values: [] };
        const hidden = hide([...before, repeated, ...after].join(' '), gatherFacts(source));
        expect(hidden.replace(/\.00/, '')).not.toMatch(/\d/);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  test('of names and identifiers', () => {
    const name = fc.array(word, { minLength: 1, maxLength: 4 });
    const property = fc.property(
      name.chain((words) =>
        fc.tuple(
          fc.constant(words.join(' ')),
          fc.tuple(...words.map(inAnyCase)),
          fc.array(blank, { minLength: words.length, maxLength: words.length }),
        ),
      ),
      around,
      ([told, words, blanks], [before, after]) => {
        const repeated = words
          .map((text, index) => `${index === 0 ? '' : (blanks[index] ?? ' ')}${text}`)
          .join('');
        const hidden = hide(
          [...before, repeated, ...after].join(' '),
          gatherFacts({ texts: [], values: [told] }),
        );
        // The words around are no longer than two letters more than the fact: what must be gone is the whole of it.
        expect(hidden).toContain('[privileged]');
        expect(` ${hidden.toLowerCase()} `).not.toContain(` ${told.toLowerCase()} `);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  test('of quotes', () => {
    const property = fc.property(
      fc
        .array(word, { minLength: 5, maxLength: 30 })
        .chain((words) =>
          fc.tuple(
            fc.constant(words),
            fc.nat({ max: words.length - 5 }),
            fc.integer({ min: 5, max: 8 }),
            fc.tuple(...words.map(inAnyCase)),
            fc.array(blank, { minLength: words.length, maxLength: words.length }),
          ),
        ),
      around,
      ([words, from, count, cased, blanks], [before, after]) => {
        const told = words.map((text, index) => text + (blanks[index] ?? ' ')).join('');
        const repeated = cased.slice(from, from + count).join(blanks[0] ?? ' ');
        const facts = gatherFacts({ texts: [words.join(' '), told], values: [] });
        const hidden = lettersOf(
          hide([...before, repeated, ...after].join(' '), facts).replace('[privileged]', '#'),
        );
        for (let at = 0; at + 5 <= words.length; at += 1)
          expect(hidden).not.toContain(lettersOf(words.slice(at, at + 5).join('')));
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});

test('long texts take time in proportion: 100,000 characters against 100,000', () => {
  const words = Array.from({ length: 15_000 }, (_, index) => `w${(index * 7919) % 10_007}`).join(' ');
  const facts = gatherFacts({ texts: [words], values: [] });
  expect(hide(words, facts)).toBe('[privileged]');
  const alike = 'aaaaaaaa '.repeat(11_000);
  expect(hide(alike, gatherFacts({ texts: [`${alike} b c d e`], values: [] }))).toBe('[privileged] ');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDirectory, type DirectoryEntry } from '../../../src/detect/directory/directory.ts';
import { readWords } from '../../../src/detect/directory/words.ts';
import { foldWord } from '../../../src/detect/fold-code.ts';

function directoryOf(...entries: readonly DirectoryEntry[]) {
  const directory = createDirectory();
  for (const entry of entries) directory.add(entry);
  return directory;
}

const person = (value: string): DirectoryEntry => ({ kind: 'PERSON', value });

function found(entries: readonly DirectoryEntry[], text: string): readonly string[] {
  return directoryOf(...entries)
    .find(text)
    .map(({ start, end }) => text.slice(start, end));
}

describe('a person is found', () => {
  test.each([
    ['Zofia Brandtová', 'Zofia Brandtová'],
    ['ZOFIA BRANDTOVÁ', 'ZOFIA BRANDTOVÁ'],
    ['zofia brandtova', 'zofia brandtova'],
    ['Brandtová, Zofia', 'Brandtová, Zofia'],
    ['Brandtova Zofia', 'Brandtova Zofia'],
    ['Z. Brandtová', 'Z. Brandtová'],
    ['Z Brandtova', 'Z Brandtova'],
    ['Brandtová, Z.', 'Brandtová, Z'],
    ["Zofia Brandtová's", 'Zofia Brandtová'],
    ['Zofia Brandtová’s', 'Zofia Brandtová'],
    ['zofia.brandtova', 'zofia.brandtova'],
    ['zofia_brandtova', 'zofia_brandtova'],
    ['Zofia\nBrandtová', 'Zofia\nBrandtová'],
    ['Zofia\u00a0Brandtová', 'Zofia\u00a0Brandtová'],
    ['Zo\u200bfia Brandtova\u0301', 'Zo\u200bfia Brandtova\u0301'],
  ])('in %j', (text, name) => {
    expect(found([person('Zofia Brandtová')], `Ask ${text}, please`)).toEqual([name]);
  });

  test.each([
    ['Jörg Weiß', 'Joerg Weiss'],
    ['Jörg Weiß', 'Jorg Weiss'],
    ['Søren Kjær', 'Soeren Kjaer'],
    ['Łukasz Żak', 'lukasz zak'],
    ['Ludwig van Berghen', 'Van Berghen, Ludwig'],
    ['Maria Ana Quintal', 'Maria Quintal'],
    ['Maria Ana Quintal', 'M. A. Quintal'],
    ['Maria Ana Quintal', 'M.A. Quintal'],
    ['Maria Ana Quintal', 'Maria A. Quintal'],
    ['Quintal, Maria', 'Maria Quintal'],
    ['Dr. Maria Quintal, PhD', 'Maria Quintal'],
    ['王小明', '王小明'],
    ['Иван Петрович', 'ИВАН ПЕТРОВИЧ'],
  ])('%s as %s', (name, written) => {
    expect(found([person(name)], `x ${written} y`)).toEqual([written]);
  });

  test('in a script without blanks between its words', () => {
    expect(found([person('王小明')], '请联系王小明先生')).toEqual(['王小明']);
  });
});

describe('nobody is found', () => {
  test.each([
    ['Will Price', 'the supplier will price it'],
    ['Will Price', 'You will. Price it'],
    ['Ian Smith', 'We asked Smith, I think'],
    ['Alice Price', 'A Price increase'],
    ['Zofia Brandt', 'Zofia Brandtová'],
    ['Zofia Brandt', 'Zofia. Brandt'],
    ['Zofia Brandt', 'Zofia; Brandt'],
    ['Zofia Brandt', 'xZofia Brandt1'],
  ])('by %s in %j', (name, text) => {
    expect(found([person(name)], text)).toEqual([]);
  });

  test('but a name of common words in its capitals is', () => {
    expect(found([person('Will Price')], 'Ask Will Price, or W. Price')).toEqual(['Will Price', 'W. Price']);
  });
});

describe('other data are found', () => {
  test.each<[DirectoryEntry, string]>([
    [{ kind: 'EMAIL', value: 'z.brandt@acme.example' }, 'Z.Brandt@Acme.Example'],
    [{ kind: 'EMPLOYEE_ID', value: 'EMP-0077' }, 'emp-0077'],
    [{ kind: 'PHONE', value: '+1 415 555 0132' }, '(415) 555-0132'],
    [{ kind: 'PHONE', value: '+1 415 555 0132' }, '14155550132'],
    [{ kind: 'PHONE', value: '+1 415 555 0132' }, '+1.415.555.0132'],
    [{ kind: 'PHONE', value: '+49 30 901820' }, '030/901820'],
    [{ kind: 'ADDRESS', value: '12 Rosenweg, 10115 Berlin' }, '12 Rosenweg\n10115 Berlin'],
    [{ kind: 'ACCOUNT', value: '77001234' }, '7700 1234'],
  ])('%j as %j', (entry, written) => {
    const [spans] = [directoryOf(entry).find(`see ${written}.`)];
    expect(spans).toContainEqual(expect.objectContaining({ kind: entry.kind }));
    const covered = spans.map(({ start, end }) => `see ${written}.`.slice(start, end).replaceAll(/\W/g, ''));
    expect(covered.some((text) => written.replaceAll(/\W/g, '').endsWith(text))).toBe(true);
  });

  test('a number is not found inside a longer one', () => {
    expect(found([{ kind: 'ACCOUNT', value: '77001234' }], '177001234 770012345')).toEqual([]);
  });
});

describe('laws', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...Array.from('bcdfghjklmnpqrstvwxyzáéöüøßñł')),
    minLength: 4,
    maxLength: 9,
  });
  const word = letters.map((text) => text.charAt(0).toUpperCase() + text.slice(1));
  const name = fc.tuple(word, word).map((words) => words.join(' '));
  const around = fc.array(
    fc.oneof(
      fc.constantFrom(' ', '\n', '. ', ', ', '😀', '(', ')', '"', '—', 'x\u0301 '),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 12 },
  );

  test('a name that is put into any text is found at its place', () => {
    fc.assert(
      fc.property(name, around, around, (inserted, before, behind) => {
        const head = `${before.join('')} `;
        const text = `${head}${inserted} ${behind.join('')}`;
        const spans = directoryOf(person(inserted)).find(text);
        expect(spans).toContainEqual(
          expect.objectContaining({ start: head.length, end: head.length + inserted.length }),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('what is found folds to the entry', () => {
    const value = fc.tuple(letters, letters).map((parts) => parts.join('-'));
    fc.assert(
      fc.property(value, around, (id, pieces) => {
        const text = [...pieces, id, ...pieces].join(' ');
        for (const { start, end } of directoryOf({ kind: 'EMPLOYEE_ID', value: id }).find(text)) {
          expect(foldWord(text.slice(start, end))).toBe(foldWord(id));
        }
      }),
    );
  });

  test('offsets are those of the original text', () => {
    const text = '😀😀 ＺＯＦＩＡ Brandt 😀';
    expect(found([person('Zofia Brandt')], text)).toEqual(['ＺＯＦＩＡ Brandt']);
  });
});

test('with 100,000 people a text costs a few steps a word, and the directory some 30 MB', () => {
  const directory = createDirectory();
  const syllables = ['bra', 'kel', 'mon', 'tir', 'vas', 'zol', 'qui', 'nep', 'dar', 'fis'];
  const spell = (n: number) =>
    Array.from(String(n).padStart(5, '0'), (digit) => syllables[Number(digit)] ?? '').join('');
  for (let n = 0; n < 100_000; n += 1) {
    directory.add(person(`${spell(n)} ${spell((n * 7919) % 100_000)}`));
  }
  expect(directory.size).toBe(100_000);
  expect(directory.bytes).toBeLessThan(60_000_000);
  const text = `${spell(1)} ${spell(7919)} ${'the budget of this quarter is z. braa '.repeat(20_000)}`;
  const before = directory.lookups;
  expect(directory.find(text)).toHaveLength(1);
  expect(directory.lookups - before).toBeLessThan(readWords(text).count * 3);
});

test.each(['a ', 'zofia ', 'z.', 'zofia brandt ', '1 ', '415 ', "'", '王', '\u0301', '. ', '\n', 'z. '])(
  '1 MB of %j is searched in linear time',
  (unit) => {
    const directory = directoryOf(
      person('Zofia Brandt'),
      { kind: 'PHONE', value: '+1 415 555 0132' },
      { kind: 'ADDRESS', value: 'a a a a a a a a a a a a a a a a a a a b' },
    );
    const text = unit.repeat(1_000_000 / unit.length);
    directory.find(text);
    expect(directory.lookups).toBeLessThan(text.length * 24);
  },
);

import { expect, test } from 'vitest';
import { measureCases } from '../../../src/detect/accuracy/cases.ts';

const ask = (label: string, text: string, expected: number) => ({
  source: 'a_recognizer',
  entities: [label],
  text,
  expected,
});

test('a form is asked for by its name, a kind by any of its labels', () => {
  const { claimed, labels } = measureCases([
    ask('PL_PESEL', '44051401359', 1),
    ask('PL_PESEL', '44051401358', 0),
    ask('EMAIL_ADDRESS', 'ada@acme.example', 1),
    ask('EMAIL_ADDRESS', 'ada@acme.example', 2),
  ]);
  expect(labels).toMatchObject({ PL_PESEL: { cases: 2, right: 2 }, EMAIL_ADDRESS: { cases: 2, right: 1 } });
  expect(claimed).toMatchObject({ cases: 4, right: 3, share: 0.75 });
});

test('what we do not claim is named, not counted', () => {
  const { claimed, unknown_labels } = measureCases([ask('SHOE_SIZE', '44', 1)]);
  expect(claimed.cases).toBe(0);
  expect(unknown_labels).toEqual({ SHOE_SIZE: 1 });
});

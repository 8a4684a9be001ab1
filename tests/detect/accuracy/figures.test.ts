import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFigures, wilson } from '../../../src/detect/accuracy/figures.ts';

test('recall, precision and what is made of them', () => {
  const { recall, precision, f1, f2 } = toFigures({ labelled: 10, found: 8, said: 16, right: 8 });
  expect({ recall, precision, f1, f2 }).toEqual({ recall: 0.8, precision: 0.5, f1: 0.6154, f2: 0.7143 });
});

test('of nothing there is no share', () => {
  expect(toFigures({ labelled: 0, found: 0, said: 3, right: 0 })).toMatchObject({
    recall: null,
    precision: 0,
    f2: null,
  });
});

// Newcombe, Statistics in Medicine 17 (1998), 857-872, method 3.
test.each([
  [81, 263, [0.2553, 0.3662]],
  [15, 148, [0.0624, 0.1605]],
  [0, 20, [0, 0.1611]],
  [1, 29, [0.0061, 0.1718]],
] as const)("Wilson's interval of %i in %i", (part, whole, interval) => {
  expect(wilson(part, whole)).toEqual(interval);
});

test('an interval holds its share and lies between 0 and 1', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1000), (part, more) => {
      fc.pre(part + more > 0);
      const [low, high] = wilson(part, part + more) ?? [Number.NaN, Number.NaN];
      const share = part / (part + more);
      expect(low).toBeLessThanOrEqual(share + 0.0001);
      expect(high).toBeGreaterThanOrEqual(share - 0.0001);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }),
  );
});

import { expect, test } from 'vitest';
import { findRegressions } from '../../../src/detect/accuracy/baseline.ts';

const figures = (recall: number, precision: number) => ({
  measures: {
    overlap: { labels: { US_SSN: { recall, precision, labelled: 9, recall_interval: [0.1, 0.9] } } },
  },
});

test('what is worse is named, what is better or the same is not', () => {
  expect(findRegressions(figures(0.9, 0.8), figures(0.91, 0.79))).toEqual([
    { figure: 'measures.overlap.labels.US_SSN.precision', was: 0.8, is: 0.79 },
  ]);
  expect(findRegressions(figures(0.9, 0.8), figures(0.9, 0.8))).toEqual([]);
});

test('a figure that is not there any more is worse', () => {
  expect(findRegressions(figures(0.9, 0.8), {})).toHaveLength(2);
});

import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { paintFindings, renderFindings } from '../../src/cli/render-guard.ts';
import { detect } from '../../src/detect/detect.ts';

const SURE = expect.stringMatching(/^\d\.\d\d$/) as string;

const findingsOf = (text: string) =>
  detect(text).map((span) => ({ ...span, text: text.slice(span.start, span.end) }));

test('findings are told a line each, by line and column', () => {
  const text = 'Dear Jane,\n\nto jane@acme.io or joe@acme.io,\nor jim@acme.io\n';
  const lines = renderFindings(text, findingsOf(text)).split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['PLACE', 'KIND', 'SURE', 'TEXT'],
    ['3:4', 'EMAIL', SURE, 'jane@acme.io'],
    ['3:20', 'EMAIL', SURE, 'joe@acme.io'],
    ['4:4', 'EMAIL', SURE, 'jim@acme.io'],
  ]);
});

test('in colour, what was found stands out of the text, and what would move a terminal is shown', () => {
  const hostile = 'a\u001b]0;owned\u0007 jane@acme.io \u001b[2J\u009b1m\u202eb';
  const painted = paintFindings(hostile, findingsOf(hostile));
  expect(painted).toContain('\u001b[43mjane@acme.io\u001b[49m');
  expect(stripVTControlCharacters(painted)).toBe(
    String.raw`a\x1b]0;owned\x07 jane@acme.io EMAIL \x1b[2J\x9b1m\x202eb`,
  );
});

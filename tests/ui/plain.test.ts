import { expect, test } from 'vitest';
import { openPlainScreen } from '../../src/ui/plain.ts';
import { makeStep } from './support.ts';

test('each fact is told once, as a line', async () => {
  const lines: string[] = [];
  const screen = openPlainScreen({ title: 'test', facts: ['engine: process'], services: [] }, (line) => {
    lines.push(line);
  });
  const first = makeStep({ name: 'First', status: 'passed', at_ms: 12 });
  screen.progress({ service: 'model', state: 'starting' });
  screen.steps([makeStep({ name: 'First', status: 'running' })]);
  screen.steps([first, makeStep({ name: 'Second', status: 'running' })]);
  screen.steps([first, makeStep({ name: 'Second', status: 'skipped' })]);
  await screen.finish({ good: false, text: 'FAILED test' });
  expect(lines).toEqual([
    'test',
    '  engine: process',
    '  model: starting',
    '  ok   First  12 ms',
    '  skip Second',
    'FAILED test',
  ]);
});

test('what a step saw is shown, not obeyed, and stays on its line', () => {
  const lines: string[] = [];
  const screen = openPlainScreen({ title: 'test', facts: [], services: [] }, (line) => lines.push(line));
  const failure = { expected: 'x', seen: 'a\u009b2J', nearest: ['#7 session.said "\u202e"\n  ok   Second'] };
  screen.progress({
    service: 'model',
    state: 'failed',
    detail: 'it\u001b[2J ended.\nIts last lines:\n  a\n  b',
  });
  screen.steps([makeStep({ name: 'First', status: 'failed', at_ms: 1, failure })]);
  expect(lines.slice(1)).toEqual([
    '  model: failed (it\\x1b[2J ended.)',
    '  FAIL First  1 ms',
    '       expected: x',
    '       seen:     a\\x9b2J',
    '       near:     #7 session.said "\\x202e"\\x0a  ok   Second',
  ]);
});

test('checks stand under the name of their case, and a skipped one says why', () => {
  const lines: string[] = [];
  const screen = openPlainScreen({ title: 'test', facts: [], services: [] }, (line) => lines.push(line));
  screen.steps([
    { ...makeStep({ name: 'It is paused', status: 'passed', at_ms: 7 }), group: 'pause', reason: null },
    { ...makeStep({ name: 'It has a time', status: 'passed', at_ms: 8 }), group: 'pause', reason: null },
    { ...makeStep({ name: 'It expires', status: 'skipped' }), group: 'time-out', reason: 'not ours' },
  ]);
  expect(lines.slice(1)).toEqual([
    '  pause',
    '  ok   It is paused  7 ms',
    '  ok   It has a time  8 ms',
    '  time-out',
    '  skip It expires (not ours)',
  ]);
});

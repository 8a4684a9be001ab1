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

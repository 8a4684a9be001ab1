import { expect, test } from 'vitest';
import { explainFailure } from '../../src/mesh/engines/part-log.ts';

const line = (entry: object) => JSON.stringify({ level: 'info', ...entry });

const GIVES_UP = line({
  level: 'fatal',
  msg: 'cannot serve',
  err: { message: 'Migration 0001 was edited.', code: 'migration', hint: 'Restore the file.' },
});

test('a part that knows what to do is quoted, with the code of its error', () => {
  expect(explainFailure('controller gave up', [line({ msg: 'starting' }), GIVES_UP])).toMatchObject({
    code: 'migration',
    message: 'controller gave up: Migration 0001 was edited.',
    hint: 'Restore the file.',
  });
});

test('of any other the last lines are shown, with what they say of errors and of what they wait for', () => {
  const lines = [
    line({ msg: 'waiting for the database', reason: 'The database does not answer.' }),
    'Segmentation fault',
    line({ level: 'error', msg: 'a call failed', err: { message: 'timeout', hint: 'not the reason' } }),
  ];
  expect(explainFailure('controller was not ready', lines)).toMatchObject({
    code: 'environment',
    message: [
      'controller was not ready.',
      'Its last lines:',
      '  waiting for the database: The database does not answer.',
      '  Segmentation fault',
      '  a call failed: timeout',
    ].join('\n'),
    hint: undefined,
  });
});

test('one that said nothing is not waited for to say more', () => {
  expect(explainFailure('model ended', []).message).toBe('model ended. It logged nothing.');
});

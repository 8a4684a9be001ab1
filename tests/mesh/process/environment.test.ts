import { expect, test } from 'vitest';
import { selectEnvironment } from '../../../src/mesh/engines/process/environment.ts';

test('keys of model providers do not reach the parts; what they need to run does', () => {
  expect(
    selectEnvironment({ PATH: '/bin', HOME: '/home/a', OPENAI_API_KEY: 'k', GOOSE_PROVIDER: 'x' }),
  ).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
  });
});

import { expect, test } from 'vitest';
import { requireServerVersion } from '../../../src/store/migrations/server-version.ts';

test.each([140_000, 140_017, 180_001])('a server of version %i will do', (version) => {
  expect(() => {
    requireServerVersion(version);
  }).not.toThrow();
});

test('an older server is refused, with what to use instead', () => {
  expect(() => {
    requireServerVersion(130_022);
  }).toThrow('PostgreSQL 14 or newer is needed, but the server is 13.');
});

import { describe, expect, test } from 'vitest';
import { found } from './support/found.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const made = (...parts: readonly string[]): string => parts.join('');

const KEYS = [
  made('AKIA', 'IOSFODNN7EXAMPLE'),
  made('ghp_', '16C7e42F292c6912E7710c838347Ae178B4a'),
  made('sk-', 'ant-', 'api03-aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0x'),
  made('sk_', 'live_', '4eC39HqLyjWDarjtT1zdp7dc'),
  made('xoxb-', '123456789012-abcdefABCDEF'),
  made('AIza', 'SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q'),
  'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLTEyMzQ1Njc4OTA',
] as const;

test.each(KEYS)('finds %s wherever it stands', (key) => {
  expect(found('SECRET', `use ${key}, please`)).toEqual([key]);
  expect(found('SECRET', `{"k":"${key}"}`)).toEqual([key]);
});

test('finds a private key as a whole, and one that was cut off', () => {
  const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nIBx0\n-----END EC PRIVATE KEY-----';
  expect(found('SECRET', `a\n${key}\nb`)).toEqual([key]);
  expect(found('SECRET', `a\n${key.slice(0, 40)}`)).toEqual([key.slice(0, 40)]);
});

describe('behind a name', () => {
  test.each([
    ['password: Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['PGPASSWORD=s3cr3t-word', 's3cr3t-word'],
    ['"api_key": "9f86d081884c7d659a2feaa0"', '9f86d081884c7d659a2feaa0'],
    ['Authorization: Bearer 9f86d081884c7d659a2feaa0c55a', '9f86d081884c7d659a2feaa0c55a'],
    ['client_secret=Zx81Qw77Lp03Mn55Rt29', 'Zx81Qw77Lp03Mn55Rt29'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz'],
  ])('finds the one in %j', (text, secret) => {
    expect(found('SECRET', text)).toEqual([secret]);
  });

  test.each([
    'password: string',
    'password=$PGPASSWORD',
    'the password is wrong',
    'token: required',
    'api_key = process.env.OPENAI_API_KEY',
    '"token": "[SECRET_k3f9x2]"',
    'tokens: 9007199254740991',
    'commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
    'secretary: Ada',
  ])('finds nothing in %j', (text) => {
    expect(found('SECRET', text)).toEqual([]);
  });

  test('the name of the field is one', () => {
    expect(found('SECRET', 'correct horse battery', 'password')).toEqual(['correct horse battery']);
    expect(found('SECRET', 'correct horse battery', 'note')).toEqual([]);
  });
});

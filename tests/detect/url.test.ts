import { expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each(['postgres://app:s3cr3t@db.internal:5432/app', 'https://ada:pw@example.org/x', 'amqp://:pw@queue'])(
  'finds the credentials in %s',
  (url) => {
    expect(found('URL_CREDENTIALS', `at ${url}, soon`)).toEqual([url]);
  },
);

test.each(['https://example.org:8443/a@b', 'postgres://db.internal:5432/app', 'git@example.org:a/b'])(
  '%s has none',
  (url) => {
    expect(found('URL_CREDENTIALS', `at ${url}, soon`)).toEqual([]);
  },
);

test.each([
  ['see https://example.org/a?b=1.', 'https://example.org/a?b=1'],
  ['(http://example.org/a_(b))', 'http://example.org/a_(b)'],
  ['at www.example.org!', 'www.example.org'],
])('finds the address in %j', (text, url) => {
  expect(found('URL', text)).toEqual([url]);
});

test.each(['ada@example.org', 'node.js', 'main.ts', 'foo.in(x)', 'std::io.de::x'])(
  'finds no address in %j',
  (text) => {
    expect(found('URL', text)).toEqual([]);
  },
);

import { expect, test } from 'vitest';
import { DOCKER_SITE } from '../../../src/mesh/engines/docker/site.ts';

test('what listens on this machine has another name inside', () => {
  expect(DOCKER_SITE.outside('postgres://u:p@localhost:5432/d')).toBe(
    'postgres://u:p@host.docker.internal:5432/d',
  );
  expect(DOCKER_SITE.outside('postgres://u@db.example.org/d')).toBe('postgres://u@db.example.org/d');
});

test.each(['postgres://u@/d?host=/run/postgresql', 'postgresql:///d?host=/run/postgresql'])(
  'a database on a socket is refused, since no container reaches it (%s)',
  (url) => {
    expect(() => DOCKER_SITE.outside(url)).toThrow('names no host');
  },
);

import { z } from 'zod';
import { MeshError } from '../core/errors.ts';

const EXPECTED = 'expected a URL such as postgres://user:password@host:5432/database';

/** URL of a PostgreSQL server. What is wrong with one is told without it: it may hold a password. */
export const DatabaseUrl = z.string().superRefine((text, context) => {
  if (!/^postgres(ql)?:\/\//.test(text)) {
    context.addIssue(EXPECTED);
  } else if (parse(text) === null) {
    context.addIssue(`${EXPECTED}, with characters such as # / ? @ % of user and password percent-encoded`);
  }
});

/** The same, for a command line: throws MeshError usage. */
export function requireDatabaseUrl(option: string, text: string): string {
  const parsed = DatabaseUrl.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new MeshError('usage', `${option}: ${parsed.error.issues[0]?.message ?? EXPECTED}.`);
}

/** A database as people may see it: without password, and of the parameters only where its socket is. */
export function describeDatabase(url: string): string {
  const parsed = parse(url);
  if (parsed === null) return 'the database';
  const socketDir = parsed.searchParams.get('host');
  parsed.password = '';
  parsed.search = '';
  return `${parsed.href}${socketDir === null ? '' : `?host=${socketDir}`}`;
}

/** libpq's URLs may lack a host after a user: that means a socket. WHATWG's may not. */
function parse(text: string): URL | null {
  return URL.parse(text) ?? URL.parse(text.replace('@/', '@localhost/'));
}

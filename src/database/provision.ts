import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { DatabaseConfig } from '../core/config.ts';
import { SUPERUSER } from './settings.ts';

/**
 * Makes the role and the database of the mesh be as configured, at every start: a password may have changed, and
 * a start may have been interrupted half-way. Resolves when the user has logged in.
 */
export async function provisionDatabase(
  config: DatabaseConfig,
  { socketDir, port }: { readonly socketDir: string; readonly port: number },
): Promise<void> {
  const superuser = new Client({ host: socketDir, port, user: SUPERUSER, database: 'postgres' });
  await withClient(superuser, async () => {
    await provisionRole(superuser, config);
    await provisionOwnDatabase(superuser, config);
  });
  const { database, user, password, listen } = config;
  await withClient(new Client({ host: reachableHost(listen.host), port, user, password, database }), () =>
    Promise.resolve(),
  );
}

/** The statement holds the password; the server logs no statements, whatever becomes of them. */
async function provisionRole(superuser: Client, { user, password }: DatabaseConfig): Promise<void> {
  const { rowCount } = await superuser.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
  await superuser.query(
    `${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${escapeIdentifier(user)}
       LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${escapeLiteral(password)}`,
  );
}

async function provisionOwnDatabase(superuser: Client, { database, user }: DatabaseConfig): Promise<void> {
  const [name, owner] = [escapeIdentifier(database), escapeIdentifier(user)];
  const { rowCount } = await superuser.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await superuser.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  else await superuser.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
  // pg_hba.conf lets the user into this database alone; this holds if somebody loosens that.
  await superuser.query(`REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1, ${name} FROM PUBLIC`);
}

async function withClient(client: Client, use: () => Promise<void>): Promise<void> {
  // A connection that breaks fails its query; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await use();
  } finally {
    await client.end();
  }
}

/** Where this machine reaches a server that listens on all addresses. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '*') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Listen } from '../core/config.ts';
import { giveTo, type Owner } from './owner.ts';

/** An underscore is in no name that a configuration can hold, so this clashes with none. */
export const SUPERUSER = 'mesh_superuser';

export interface ServerSettings {
  readonly listen: Listen;
  readonly database: string;
  readonly user: string;
  readonly socketDir: string;
}

/** Writes the files that the server reads at its start. They hold no secrets. */
export async function writeSettings(owner: Owner, cluster: string, settings: ServerSettings): Promise<void> {
  const files = {
    'postgresql.conf': renderConf(settings),
    'pg_hba.conf': renderHba(settings),
    'pg_ident.conf': `operator ${quoteName(owner.operator)} ${SUPERUSER}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(cluster, name);
    await writeFile(path, text, { mode: 0o600 });
    await giveTo(owner, path);
  }
}

/**
 * A small server: memory for one mesh, no worker processes that it does not need. What it logs is about itself;
 * errors of statements go to the client alone, since their texts and details may hold personal data.
 */
function renderConf({ listen, socketDir }: ServerSettings): string {
  const values = {
    listen_addresses: listen.host,
    port: listen.port,
    unix_socket_directories: quoteName(socketDir),
    unix_socket_permissions: '0700',
    max_connections: 200,
    shared_buffers: '64MB',
    // What one mesh works on stays in memory, where an index costs no more than the pages that it leads to.
    random_page_cost: '1.1',
    io_method: 'sync',
    max_logical_replication_workers: 0,
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_destination: 'stderr',
    log_line_prefix: '',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    log_checkpoints: 'off',
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${quoteValue(String(value))}\n`)
    .join('');
}

/**
 * The user of the mesh comes over TCP with a password. The superuser comes over the socket only, and only from the
 * system user that this process runs as, which the kernel vouches for (peer).
 */
function renderHba({ database, user }: ServerSettings): string {
  return [
    `local all ${SUPERUSER} peer map=operator`,
    `host ${quoteName(database)} ${quoteName(user)} all scram-sha-256`,
    '',
  ].join('\n');
}

/** Quoted, `all` and `replication` are plain names, and a path may hold a comma. */
function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quoteValue(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

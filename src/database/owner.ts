import { lchownSync, lstatSync, readdirSync } from 'node:fs';
import { lchown, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { MeshError } from '../core/errors.ts';

/** The system user that PostgreSQL runs as and that owns its files. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** Whether this is another user than the one that this process runs as. */
  readonly isOther: boolean;
  /** The name of the user that this process runs as, by which the server knows its superuser. */
  readonly operator: string;
}

/** In the order of preference. Users are only looked up, never created. */
const USERS_OF_ROOT = ['postgres', 'nobody'];

/** This process' own user; as root, which PostgreSQL refuses to run as, another one that exists. */
export async function chooseOwner(): Promise<Owner> {
  const { uid, gid, username } = readOwnUser();
  if (uid !== 0) return { uid, gid, isOther: false, operator: username };

  const users = await readUsers();
  for (const name of USERS_OF_ROOT) {
    const user = users.get(name);
    if (user !== undefined) return { ...user, isOther: true, operator: username };
  }
  throw new MeshError(
    'environment',
    `PostgreSQL does not run as root, and neither ${USERS_OF_ROOT.join(' nor ')} is a user in /etc/passwd.`,
    { hint: 'Run goose-mesh as another user than root, or add the system user postgres.' },
  );
}

/** Makes the owner own a path. Only root can, and only root needs to. */
export async function giveTo(owner: Owner, path: string): Promise<void> {
  if (owner.isOther) await lchown(path, owner.uid, owner.gid);
}

/**
 * The same for all that is in a directory, unless the directory shows that it was done before. Synchronous, which
 * for a thousand files is ten times as quick.
 */
export function giveTreeTo(owner: Owner, directory: string): void {
  if (!owner.isOther || lstatSync(directory).uid === owner.uid) return;
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(directory, path), owner.uid, owner.gid);
  }
  lchownSync(directory, owner.uid, owner.gid);
}

function readOwnUser() {
  try {
    return userInfo();
  } catch (cause) {
    throw new MeshError(
      'environment',
      `The user id ${process.getuid?.() ?? '?'} has no name in /etc/passwd.`,
      {
        hint: 'PostgreSQL only runs as a user with a name. Run goose-mesh as such a user.',
        cause,
      },
    );
  }
}

/** passwd(5): name:password:uid:gid:... */
async function readUsers(): Promise<ReadonlyMap<string, { uid: number; gid: number }>> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const rows = text.split('\n').map((line) => line.split(':'));
  return new Map(rows.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]));
}

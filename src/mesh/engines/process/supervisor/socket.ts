import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { watchDirectory } from '../watch-directory.ts';

/** Listens on a unix socket unless somebody does. What a process left that was killed is removed. */
export async function listenAlone(server: Server, path: string): Promise<boolean> {
  if (await tryListen(server, path)) return true;
  if (await isAnswered(path)) return false;
  await rm(path, { force: true });
  return tryListen(server, path);
}

/**
 * Resolves when the socket is not this process' any more: the state directory was removed, or two supervisors
 * found the same left-over at the same moment. Nobody could reach, and so stop, this one then. Resolves also when
 * the signal aborts.
 */
export async function awaitLoss(path: string, signal: AbortSignal): Promise<void> {
  const own = await readInode(path);
  using changes = watchDirectory(dirname(path), signal);
  while (own !== undefined && (await readInode(path)) === own && (await changes.next()));
}

async function readInode(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

async function tryListen(server: Server, path: string): Promise<boolean> {
  try {
    server.listen(path);
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

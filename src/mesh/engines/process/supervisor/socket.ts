import { once } from 'node:events';
import { watch } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';

/** Listens on a unix socket unless somebody does. What a process left that was killed is removed. */
export async function listenAlone(server: Server, path: string): Promise<boolean> {
  if (await tryListen(server, path)) return true;
  if (await isAnswered(path)) return false;
  await rm(path, { force: true });
  return tryListen(server, path);
}

/**
 * Resolves when the socket is not this process' any more: the state directory was removed, or two supervisors
 * found the same left-over at the same moment. Nobody could reach, and so stop, this one then.
 */
export async function awaitLoss(path: string): Promise<void> {
  const own = await stat(path);
  const lost = Promise.withResolvers<undefined>();
  const check = () =>
    stat(path).then(
      ({ ino }) => {
        if (ino !== own.ino) lost.resolve(undefined);
      },
      () => {
        lost.resolve(undefined);
      },
    );
  const watcher = watch(dirname(path), { persistent: false }, () => void check());
  watcher.on('error', () => void check());
  // It may have happened before it was watched.
  await check();
  await lost.promise;
  watcher.close();
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

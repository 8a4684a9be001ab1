import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { watchDirectory } from '../../../watch-directory.ts';
import { withLock } from '../../../with-lock.ts';

/** Listens on a unix socket unless somebody does. What a process left that was killed is removed. */
export async function listenAlone(server: Server, path: string): Promise<boolean> {
  return withLock(`${path}.lock`, async () => {
    if (await isAnswered(path)) return false;
    await rm(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    return true;
  });
}

/**
 * Resolves when the socket is not there any more, as when the state directory was removed: nobody could reach, and
 * so stop, this process then. Resolves also when the signal aborts.
 */
export async function awaitLoss(path: string, signal: AbortSignal): Promise<void> {
  using changes = watchDirectory(dirname(path), signal);
  while (existsSync(path) && (await changes.next()));
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

import { MeshError } from '../../../core/errors.ts';
import type { Deck } from './deck.ts';
import { findExisting } from './existing.ts';

/**
 * Ends all processes of a service as a crash would, so that the engine starts it again like after any crash. To
 * Docker a `docker kill` is a person's wish to have it stopped. From inside, -1 reaches every process but the
 * shell's own and process 1 (kill(2)): Docker's init, which ends when its child has.
 */
export async function killService(deck: Deck, service: string): Promise<void> {
  const found = await findExisting(deck, service);
  if (found?.state !== 'running') {
    throw new MeshError(
      'not_found',
      `There is no running service ${service} in ${deck.mesh}; it is ${found?.state ?? 'not there'}.`,
    );
  }
  const exec = await deck.docker.getContainer(found.id).exec({ Cmd: ['/bin/sh', '-c', 'kill -9 -1'] });
  // Its answer is empty, but as long as it is neither read nor let go, this program would not end.
  (await exec.start({ Detach: true })).destroy();
}

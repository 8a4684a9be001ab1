import type { OnProgress } from '../../engine.ts';
import { hasStatus } from '../../image/status.ts';
import type { Deck } from './deck.ts';
import { STOP_SECONDS } from './draft.ts';
import type { Existing } from './existing.ts';
import type { Undo } from './undo.ts';

/**
 * Takes a running container out of the way, so that another can have its name and its ports. It is renamed first:
 * what keeps the mesh alive starts again only what dies under the name of its service.
 */
export async function setAside(
  { docker }: Deck,
  { id, name, service }: Existing,
  undo: Undo,
  onProgress: OnProgress,
): Promise<void> {
  onProgress({ service, state: 'stopping' });
  const container = docker.getContainer(id);
  await container.rename({ name: `${name}.replaced` });
  undo.add(async () => {
    await container.rename({ name });
    await unlessDone(container.start());
  });
  await unlessDone(container.stop({ t: STOP_SECONDS }));
  onProgress({ service, state: 'stopped' });
}

/** The engine refuses to start what runs, and to stop what does not, with 304. */
async function unlessDone(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!hasStatus(error, 304)) throw error;
  });
}

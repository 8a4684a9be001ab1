import type { Client } from '../client/client.ts';
import type { EventFilter, MeshEvent } from '../core/event.ts';

export interface FollowEvents {
  readonly client: Client;
  readonly filter: EventFilter;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MeshEvent) => void;
}

/** Resolves when the stream stands, so that the first event of what is done next cannot be missed. */
export function followEvents({ client, filter, signal, onEvent }: FollowEvents): Promise<void> {
  return new Promise((resolve, reject) => {
    const read = async () => {
      for await (const event of client.events({ filter, signal, onOpen: resolve })) onEvent(event);
    };
    // Also when it ends before it was open, as when the run is interrupted.
    read().then(resolve, reject);
  });
}

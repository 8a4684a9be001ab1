import { z } from 'zod';
import { readJsonLines } from '../../json-lines.ts';
import type { Deck } from './deck.ts';
import { LABELS, ofMesh } from './names.ts';

const Event = z.object({
  Actor: z.object({
    ID: z.string(),
    Attributes: z.looseObject({ [LABELS.service]: z.string().optional() }),
  }),
});

export interface ContainerEvent {
  readonly id: string;
  readonly service: string | undefined;
}

/**
 * What happens to the mesh's containers from now on: nothing that happens after this has resolved is missed. Ends
 * with an error when the signal aborts.
 */
export async function openEvents(
  { docker, mesh }: Deck,
  event: 'start' | 'die',
  signal: AbortSignal,
): Promise<AsyncIterable<ContainerEvent>> {
  const filters = { ...ofMesh(mesh), type: ['container' as const], event: [event] };
  return readEvents(await docker.getEvents({ filters, abortSignal: signal }));
}

async function* readEvents(stream: NodeJS.ReadableStream): AsyncGenerator<ContainerEvent> {
  for await (const value of readJsonLines(stream)) {
    const { Actor } = Event.parse(value);
    yield { id: Actor.ID, service: Actor.Attributes[LABELS.service] };
  }
}

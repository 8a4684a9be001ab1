import { EventSourceParserStream } from 'eventsource-parser/stream';
import { MeshEvent } from '../../../src/core/event.ts';
import type { TestController } from '../../support/controller.ts';

export interface OpenStream {
  /** Sent as Last-Event-ID. */
  readonly after?: number;
  /** Query of the filter, such as `kind=task`. */
  readonly query?: string;
}

/** The event stream of an actor, read event by event. */
export async function openStream(
  mesh: TestController,
  actor: string,
  { after, query = '' }: OpenStream = {},
) {
  const stop = new AbortController();
  const response = await mesh.fetch(actor, `/events?${query}`, {
    signal: stop.signal,
    headers: after === undefined ? {} : { 'last-event-id': String(after) },
  });
  if (response.body === null || response.status !== 200) throw new Error(await response.text());
  const comments: string[] = [];
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onComment: (comment) => comments.push(comment) }))
    .getReader();

  async function next(): Promise<MeshEvent> {
    const { done, value } = await messages.read();
    if (done) throw new Error('the stream has ended');
    const event = MeshEvent.parse(JSON.parse(value.data));
    if (value.id !== String(event.seq))
      throw new Error(`event ${event.seq} came under id ${value.id ?? '?'}`);
    return event;
  }

  async function takeUntil(isLast: (event: MeshEvent) => boolean): Promise<readonly MeshEvent[]> {
    const events: MeshEvent[] = [];
    do events.push(await next());
    while (!isLast(events.at(-1) as MeshEvent));
    return events;
  }

  return {
    response,
    comments,
    next,
    takeUntil,
    async take(count: number): Promise<readonly MeshEvent[]> {
      const events: MeshEvent[] = [];
      while (events.length < count) events.push(await next());
      return events;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await messages.cancel().catch(() => undefined);
    },
  };
}

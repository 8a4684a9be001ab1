import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { isMeshError } from '../core/errors.ts';
import { DROPPED, type EventFilter, MeshEvent, STARTS_AFTER_HEADER } from '../core/event.ts';
import type { Transport } from './transport.ts';

export interface EventStreamOptions {
  readonly filter?: EventFilter;
  /** The last event already seen; 0 starts at the beginning of the log, undefined at its end. */
  readonly after?: number | undefined;
  readonly signal: AbortSignal;
  /** Called when the stream stands: from now on nothing is missed. */
  readonly onOpen?: (() => void) | undefined;
}

const RECONNECT_MS = 100;
/** The controller sends a comment at least this often; longer silence means a dead connection. */
const SILENCE_MS = 45_000;

/** Where a stream stands: the last event seen, or undefined before the controller has said where it starts. */
interface Cursor {
  last: number | undefined;
}

/** Yields events in order. A lost connection is opened again after the last event that was seen. */
export async function* streamEvents(
  transport: Transport,
  options: EventStreamOptions,
): AsyncGenerator<MeshEvent, void, undefined> {
  const cursor: Cursor = { last: options.after };
  const isStopped = () => options.signal.aborted;
  while (!isStopped()) {
    try {
      yield* readOnce(transport, options, cursor);
    } catch (error) {
      if (isStopped()) return;
      if (isMeshError(error) && !error.retryable) throw error;
    }
    await sleep(RECONNECT_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function* readOnce(
  transport: Transport,
  { filter, signal, onOpen }: EventStreamOptions,
  cursor: Cursor,
): AsyncGenerator<MeshEvent, void, undefined> {
  const response = await transport.open({
    method: 'GET',
    path: '/events',
    query: { ...filter },
    headers: {
      accept: 'text/event-stream',
      ...(cursor.last === undefined ? {} : { 'last-event-id': String(cursor.last) }),
    },
    signal,
    timeoutMs: SILENCE_MS,
  });
  cursor.last ??= Number(response.headers[STARTS_AFTER_HEADER]);
  onOpen?.();
  const messages = decode(response.body).pipeThrough(new EventSourceParserStream()).getReader();
  try {
    for (let next = await messages.read(); !next.done; next = await messages.read()) {
      // Too slow for the controller; what was missed is read when the stream is opened again.
      if (next.value.event === DROPPED) return;
      const event = MeshEvent.parse(JSON.parse(next.value.data));
      cursor.last = event.seq;
      yield event;
    }
  } finally {
    // A reader that leaves closes the connection here; the streams between would first wait for the next chunk.
    response.body.destroy();
  }
}

function decode(body: AsyncIterable<Uint8Array>): ReadableStream<string> {
  return ReadableStream.from(body).pipeThrough(new TextDecoderStream());
}

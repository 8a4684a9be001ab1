import { createParser } from 'eventsource-parser';
import { MeshError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { parseJson } from '../body.ts';
import type { EventRestorer, JsonObject } from '../shapes/shape.ts';

export interface StreamedAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  readonly events: EventRestorer;
  /** Called with every event as it came; may throw to end the stream. */
  readonly onEvent: (event: JsonObject) => void;
  /** Called when the stream breaks; gives the body of the error event that ends it. */
  readonly onBroken: (error: unknown) => unknown;
}

/** Longest server-sent event, in UTF-16 units. */
const EVENT_MAX = 4 * 1024 * 1024;

/**
 * Restores a stream of server-sent events: one event in, one event out, as soon as it is complete. It never throws:
 * a stream that breaks ends with what was held back and an error event.
 */
export async function* restoreStream({
  body,
  events,
  onEvent,
  onBroken,
}: StreamedAnswer): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const ready: string[] = [];
  const state = { done: false };

  const parser = createParser({
    maxBufferSize: EVENT_MAX,
    onComment: (comment) => ready.push(`: ${comment}\n\n`),
    onEvent: ({ event: name, data }) => {
      if (state.done) return;
      state.done = data === '[DONE]';
      if (state.done) ready.push(...flush(), 'data: [DONE]\n\n');
      else ready.push((name === undefined ? '' : `event: ${name}\n`) + format(events.restore(read(data))));
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw broken('sent an event that is too long');
    },
  });

  try {
    for await (const chunk of body) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (ready.length > 0) yield ready.splice(0).join('');
    }
    if (!state.done && !events.isComplete()) throw broken('ended its answer before it was complete');
    ready.push(...flush());
  } catch (error) {
    ready.push(...flush(), format(onBroken(error)));
  }
  if (ready.length > 0) yield ready.splice(0).join('');

  function read(data: string): JsonObject {
    const event = parseJson(data);
    if (!isJsonObject(event)) throw broken('sent an event that is not a JSON object');
    onEvent(event);
    return event;
  }

  function flush(): readonly string[] {
    const rest = events.flush();
    return rest === undefined ? [] : [format(rest)];
  }
}

function format(event: unknown): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function broken(what: string): MeshError {
  return new MeshError('upstream_failed', `The model provider ${what}.`);
}

import { createParser } from 'eventsource-parser';
import { MeshError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { parseJson } from '../body.ts';
import type { Failure } from '../refusal.ts';
import type { EventRestorer, JsonObject } from '../shapes/shape.ts';

export interface StreamedAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  readonly events: EventRestorer;
  /** Called with every event as it came; may throw to end the stream. */
  readonly onEvent: (event: JsonObject) => void;
  /** Called when the stream breaks; tells of what the error event speaks that ends it. */
  readonly explainBreak: (error: unknown) => Failure;
}

/** Longest server-sent event, in UTF-16 units. */
const EVENT_MAX = 4 * 1024 * 1024;

/**
 * Restores a stream of server-sent events, each as soon as it is complete. It never throws:
 * a stream that breaks ends with what was held back and an error event.
 */
export async function* restoreStream({
  body,
  events,
  onEvent,
  explainBreak,
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
      else ready.push(...events.restore(read(data)).map((event) => format(event, name)));
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
    ready.push(...flush(), format(events.toError(explainBreak(error))));
  }
  if (ready.length > 0) yield ready.splice(0).join('');

  function read(data: string): JsonObject {
    const event = parseJson(data);
    if (!isJsonObject(event)) throw broken('sent an event that is not a JSON object');
    onEvent(event);
    return event;
  }

  function flush(): readonly string[] {
    return events.flush().map((event) => format(event));
  }
}

/** APIs that name their events name them after their types. */
function format(event: JsonObject, given?: string): string {
  const { type } = event;
  const name = typeof type === 'string' && /^[\w.]+$/.test(type) ? type : given;
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(event)}\n\n`;
}

function broken(what: string): MeshError {
  return new MeshError('upstream_failed', `The model provider ${what}.`);
}

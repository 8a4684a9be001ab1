import { ServerResponse } from 'node:http';
import type { SSEStreamingApi } from 'hono/streaming';
import { DROPPED, type Dropped, type MeshEvent } from '../../core/event.ts';
import type { Deps } from '../deps.ts';
import { type FollowEvents, followEvents, TooSlowError } from './follow.ts';

/** Shorter than the silence after which a reader takes its connection for dead. */
const KEEP_ALIVE_MS = 15_000;
/** A reader that has fallen behind and takes nothing for this long is not told why. */
const LAST_WORDS_MS = 5000;

export interface SendEvents extends Omit<FollowEvents, 'signal' | 'onTooSlow'> {
  /** The response below the stream; undefined where there is none, as in a test. */
  readonly outgoing: ServerResponse | undefined;
}

/**
 * Writes events to one reader as server-sent events, for as long as it stays. One that falls too far behind is told why,
 * and after which event to resume; one that takes nothing at all is cut off.
 */
export async function sendEvents(
  deps: Pick<Deps, 'db' | 'tail' | 'log'>,
  sse: SSEStreamingApi,
  { outgoing, ...follow }: SendEvents,
): Promise<void> {
  const stop = new AbortController();
  let last = follow.after;
  let isWriting = false;
  let patience: NodeJS.Timeout | undefined;
  sse.onAbort(() => {
    stop.abort();
  });
  const write = async (text: string) => {
    isWriting = true;
    await sse.write(text);
    isWriting = false;
  };
  // Who does not read what is there needs no sign of life, and would only pile it up.
  const keepAlive = setInterval(() => void (isWriting || write(': still here\n\n')), KEEP_ALIVE_MS);
  const onTooSlow = () => {
    patience = setTimeout(() => outgoing?.destroy(), LAST_WORDS_MS);
  };
  try {
    for await (const events of followEvents(deps, { ...follow, signal: stop.signal, onTooSlow })) {
      await write(events.map(toMessage).join(''));
      last = events.at(-1)?.seq ?? last;
    }
  } catch (error) {
    if (error instanceof TooSlowError)
      await write(toLastMessage({ reason: error.message, resume_after: last }));
    // Thrown on, it would only be printed. The reader comes back after the last event that it has.
    else deps.log.debug({ err: error }, 'an event stream broke');
  } finally {
    clearInterval(keepAlive);
    clearTimeout(patience);
  }
}

/** Many read the same events, so each is written out once. */
const messages = new WeakMap<MeshEvent, string>();

function toMessage(event: MeshEvent): string {
  const known = messages.get(event);
  if (known !== undefined) return known;
  const message = `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
  messages.set(event, message);
  return message;
}

const toLastMessage = (dropped: Dropped): string => `event: ${DROPPED}\ndata: ${JSON.stringify(dropped)}\n\n`;

/** The server puts it into the environment of a request. */
export function outgoingOf({ env }: { readonly env: unknown }): ServerResponse | undefined {
  if (typeof env !== 'object' || env === null || !('outgoing' in env)) return undefined;
  return env.outgoing instanceof ServerResponse ? env.outgoing : undefined;
}

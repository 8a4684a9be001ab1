import { isMeshError, MeshError } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import type { Logger } from '../core/log.ts';
import type { AuditEntry } from './audit.ts';
import { decodeUtf8, parseJson, readUpTo } from './body.ts';
import { describeSafely, type Failure } from './refusal.ts';
import type { Restoration } from './restore/restorer.ts';
import { restoreStream } from './restore/stream.ts';
import type { EventRestorer, JsonObject, Shape } from './shapes/shape.ts';
import type { Upstream, UpstreamAnswer } from './upstream.ts';

/** An answer on its way to the agent. */
export interface Passage {
  readonly shape: Shape;
  readonly restoration: Restoration;
  readonly entry: AuditEntry;
  readonly upstream: Upstream;
  readonly log: Logger;
  /** Called when the agent goes away before the end. */
  readonly onLeft: () => void;
}

/** Longest answer that is not streamed, in bytes. */
const ANSWER_MAX = 32 * 1024 * 1024;

const BROKE_OFF = 'The answer of the model provider broke off.';

/** Passes an answer on, restored. Its audit row ends when all of it has gone. */
export function passAnswer(answer: UpstreamAnswer, passage: Passage): Promise<Response> | Response {
  if (answer.kind === 'error') return passError(answer, passage.entry, passage.shape.toError);
  const { restoreEvents } = passage.shape;
  const isStream = answer.contentType.startsWith('text/event-stream') && restoreEvents !== undefined;
  return isStream
    ? passStream(answer.body, restoreEvents(passage.restoration), passage)
    : passWhole(answer.body, passage);
}

export function passError(
  { retryAfter, ...failure }: Extract<UpstreamAnswer, { kind: 'error' }>,
  entry: AuditEntry,
  toError: Shape['toError'],
): Response {
  entry.end({ status: failure.status });
  return Response.json(toError(failure), {
    status: failure.status,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });
}

/** The JSON object that a provider answered with. */
export async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<JsonObject> {
  const read = await readUpTo(body, ANSWER_MAX).catch(() => undefined);
  if (read === undefined) throw new MeshError('upstream_failed', BROKE_OFF);
  const text = read.cut ? undefined : decodeUtf8(read.bytes);
  const answer = text === undefined ? undefined : parseJson(text);
  if (isJsonObject(answer)) return answer;
  throw new MeshError(
    'upstream_failed',
    'The model provider answered with something that is no JSON object.',
  );
}

async function passWhole(body: AsyncIterable<Uint8Array>, passage: Passage): Promise<Response> {
  const answer = await readAnswer(body);
  noteUsage(passage, answer);
  const restored = passage.shape.restoreAnswer(answer, passage.restoration);
  passage.entry.begin();
  passage.entry.end({ status: 200, ...countValues(passage.restoration) });
  return Response.json(restored);
}

function passStream(body: AsyncIterable<Uint8Array>, restorer: EventRestorer, passage: Passage): Response {
  const { restoration, entry } = passage;
  const events = restoreStream({
    body,
    events: restorer,
    onEvent: (event) => {
      noteUsage(passage, event);
      throwIfError(event, passage.upstream);
    },
    explainBreak: (error) => explainBreak(error, passage.log),
  });
  const encoder = new TextEncoder();
  const end = () => {
    entry.end({ status: 200, ...countValues(restoration) });
  };
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done === true) {
        end();
        controller.close();
      } else {
        entry.begin();
        controller.enqueue(encoder.encode(value));
      }
    },
    cancel() {
      passage.onLeft();
      end();
    },
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
  });
}

function countValues({ counts, contained }: Restoration) {
  return { restored: Object.fromEntries(counts), contained: Object.fromEntries(contained) };
}

function noteUsage({ shape, entry }: Passage, answer: JsonObject): void {
  const usage = shape.readUsage(answer);
  if (usage === undefined) return;
  const { tokensIn, tokensOut } = usage;
  entry.note({
    ...(tokensIn === null ? {} : { tokens_in: tokensIn }),
    ...(tokensOut === null ? {} : { tokens_out: tokensOut }),
  });
}

/** Providers report what fails after the status line as an event. */
function throwIfError(event: JsonObject, upstream: Upstream): void {
  if (event['type'] !== 'error' && (event['error'] === undefined || event['error'] === null)) return;
  const { message, code } = upstream.explain(502, event);
  throw new MeshError('upstream_failed', message, { details: { code } });
}

/** The status line has gone by now, so the reason goes into the stream. */
function explainBreak(error: unknown, log: Logger): Failure {
  if (isMeshError(error)) {
    const { status, details, message } = error;
    return { status, code: typeof details['code'] === 'string' ? details['code'] : error.code, message };
  }
  const agentLeft = error instanceof Error && error.name === 'AbortError';
  if (!agentLeft) log.warn(describeSafely(error), 'a streamed answer broke off');
  return { status: 502, code: 'upstream_failed', message: BROKE_OFF };
}

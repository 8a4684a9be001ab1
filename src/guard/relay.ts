import { MeshError } from '../core/errors.ts';
import type { Principal } from '../core/identity.ts';
import { isJsonObject } from '../core/json.ts';
import type { Logger } from '../core/log.ts';
import { passAnswer, passError, readAnswer } from './answer.ts';
import type { AuditEntry } from './audit.ts';
import { parseJson, readRequest } from './body.ts';
import type { Permit } from './budget.ts';
import { countMasked } from './count-masked.ts';
import type { PrepareDetection } from './detection.ts';
import { createMasker, type Masker } from './mask.ts';
import { createPlaceholders } from './placeholders.ts';
import type { PrivacyOf } from './privacy.ts';
import { createRestoration } from './restore/restorer.ts';
import type { Shape } from './shapes/shape.ts';
import type { Upstream } from './upstream.ts';

export interface RelayDeps {
  readonly upstream: Upstream;
  readonly maskKey: string;
  readonly privacyOf: PrivacyOf;
  readonly permit: Permit;
  readonly prepareDetection: PrepareDetection;
  readonly log: Logger;
}

/** A call that is known to be the agent's own. */
export interface Call {
  readonly request: Request;
  readonly caller: Principal;
  /** As the audit names it. */
  readonly sessionId: string | null;
  /** Of the caller's headers those that may reach the provider. */
  readonly passed: Readonly<Record<string, string>>;
  /** An error as the caller's API has it. */
  readonly toError: Shape['toError'];
  readonly entry: AuditEntry;
}

/** Passes a call on: masked on its way out, restored on its way back. Throws MeshError for what it refuses. */
export async function relay(shape: Shape, deps: RelayDeps, call: Call): Promise<Response> {
  const text = await readRequest(call.request);
  const startedAt = performance.now();
  const placeholders = createPlaceholders({
    key: deps.maskKey,
    scope: call.caller.sessionId ?? call.caller.name,
  });
  const privacy = deps.privacyOf(call.caller);
  call.entry.note({ mode: privacy.mode });
  const request = putGrowingLast(readJson(text));
  const walk = (collector: Masker) => shape.maskRequest(request, collector, privacy);
  const detection = await deps.prepareDetection(privacy, walk, call.request.signal);
  const masker = createMasker(placeholders, detection);
  const { model, streamed, body } = shape.maskRequest(request, masker, privacy);
  const masked = JSON.stringify(body);
  const overhead_ms = performance.now() - startedAt;
  call.entry.note({ model, streamed, masked: countMasked(placeholders), overhead_ms });
  await deps.permit({
    id: call.entry.id,
    session_id: call.sessionId,
    shape: shape.name,
    model,
    mode: privacy.mode,
    streamed,
  });

  const left = new AbortController();
  const answer = await deps.upstream.send({
    method: 'POST',
    path: shape.path,
    model,
    body: masked,
    accept: streamed ? 'text/event-stream' : 'application/json',
    passed: call.passed,
    signal: AbortSignal.any([call.request.signal, left.signal]),
  });
  return passAnswer(answer, {
    shape,
    restoration: createRestoration(placeholders.values, {
      request,
      output: privacy.output ?? 'mask',
      egress: privacy.egress,
    }),
    entry: call.entry,
    upstream: deps.upstream,
    log: deps.log,
    onLeft: () => {
      left.abort();
    },
  });
}

/** Passes the provider's list of models on as it is: it holds no text of the mesh. */
export async function relayModels({ upstream, privacyOf }: RelayDeps, call: Call): Promise<Response> {
  call.entry.note({ mode: privacyOf(call.caller).mode });
  const answer = await upstream.send({
    method: 'GET',
    path: '/models',
    accept: 'application/json',
    passed: call.passed,
    signal: call.request.signal,
  });
  if (answer.kind === 'error') return passError(answer, call.entry, call.toError);
  const models = await readAnswer(answer.body);
  call.entry.end({ status: 200 });
  return Response.json(models);
}

function readJson(text: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw new MeshError('invalid_request', 'The body must be JSON.');
  return value;
}

/**
 * The request with what grows from turn to turn at its end, since it is masked in this order: whatever comes new is
 * masked after all that stood there in the turn before, its tools included, and cannot change a placeholder of those.
 */
function putGrowingLast(request: unknown): unknown {
  if (!isJsonObject(request)) return request;
  const grows = ([name]: [string, unknown]) => name === 'messages' || name === 'input';
  const fields = Object.entries(request);
  return Object.fromEntries([...fields.filter((field) => !grows(field)), ...fields.filter(grows)]);
}

import type { Masker } from '../mask.ts';
import type { Privacy } from '../privacy.ts';
import type { Failure } from '../refusal.ts';
import type { Restoration } from '../restore/restorer.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** One API of model providers: where texts stand in its requests and answers. It knows nothing of HTTP. */
export interface Shape {
  /** As the audit names it. */
  readonly name: string;
  /** Below the provider's base URL, and below `/v1` of the guard. */
  readonly path: string;
  /** Throws MeshError 400 or 422 with the JSON path of what it does not understand, never with its text. */
  maskRequest(body: unknown, masker: Masker, privacy: Privacy): MaskedRequest;
  restoreAnswer(answer: JsonObject, restoration: Restoration): JsonObject;
  /** Undefined where answers are never streamed. */
  readonly restoreEvents: ((restoration: Restoration) => EventRestorer) | undefined;
  /** Tokens that an answer or an event tells of. */
  readUsage(answer: JsonObject): Usage | undefined;
  /** An error as clients of this API read it. */
  readonly toError: (failure: Failure) => JsonObject;
}

export interface MaskedRequest {
  readonly model: string;
  readonly streamed: boolean;
  readonly body: JsonObject;
}

export interface Usage {
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
}

/** Restores the events of one streamed answer, one by one. */
export interface EventRestorer {
  /** The event, restored; before it, where it ends a text, what was held back of that text as events of their own. */
  restore(event: JsonObject): readonly JsonObject[];
  /** What is still held back. */
  flush(): readonly JsonObject[];
  /** Whether the answer has come to its proper end. */
  isComplete(): boolean;
  /** The event that ends a stream which broke. */
  readonly toError: (failure: Failure) => JsonObject;
}

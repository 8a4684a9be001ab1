import { isJsonObject } from '../../core/json.ts';
import { createRestorer, type Encoding, type Restoration, type Restorer } from '../restore/restorer.ts';
import type { EventRestorer, JsonObject } from './shape.ts';

/** One text of the answer, arriving in pieces. */
interface OpenText {
  readonly choice: number;
  readonly restorer: Restorer;
  /** A delta with a piece of this text added at its place. */
  readonly append: Append;
}

type Append = (delta: JsonObject, piece: string) => JsonObject;

/**
 * Restores `chat.completion.chunk` events. Each string field of a delta, and the arguments of each tool call, is a
 * text of its own per choice; what it holds back is released with the finish_reason of its choice at the latest.
 */
export function restoreEvents(restoration: Restoration): EventRestorer {
  const texts = new Map<string, OpenText>();
  const seen = new Set<number>();
  const finished = new Set<number>();
  let lastEvent: JsonObject = {};

  return {
    restore(event) {
      if (!Array.isArray(event['choices'])) return event;
      lastEvent = event;
      return { ...event, choices: event['choices'].map(restoreChoice) };
    },
    flush() {
      const choices = [...seen]
        .map((index) => ({ index, delta: release(index, {}), finish_reason: null }))
        .filter(({ delta }) => Object.keys(delta).length > 0);
      return choices.length === 0 ? undefined : { ...lastEvent, usage: null, choices };
    },
    isComplete: () => seen.size > 0 && seen.size === finished.size,
  };

  function restoreChoice(choice: unknown, position: number): unknown {
    if (!isJsonObject(choice)) return choice;
    const index = indexOf(choice, position);
    seen.add(index);
    const delta = isJsonObject(choice['delta']) ? restoreDelta(index, choice['delta']) : {};
    if (typeof choice['finish_reason'] !== 'string') return { ...choice, delta };
    finished.add(index);
    return { ...choice, delta: release(index, delta) };
  }

  function restoreDelta(choice: number, delta: JsonObject): JsonObject {
    return mapFields(delta, (value, field) => {
      if (field === 'tool_calls' && Array.isArray(value)) {
        return value.map((call: unknown, position) => restoreCall(choice, call, position));
      }
      if (field === 'role' || typeof value !== 'string') return value;
      return push(choice, field, 'text', value, (into, piece) => appendToField(into, field, piece));
    });
  }

  function restoreCall(choice: number, call: unknown, position: number): unknown {
    if (!isJsonObject(call) || !isJsonObject(call['function'])) return call;
    const index = indexOf(call, position);
    const restored = mapFields(call['function'], (value, field) =>
      field === 'arguments' && typeof value === 'string'
        ? push(choice, `call ${index}`, 'json', value, (into, piece) => appendToCall(into, index, piece))
        : value,
    );
    return { ...call, function: restored };
  }

  function push(choice: number, place: string, encoding: Encoding, piece: string, append: Append): string {
    const key = `${choice} ${place}`;
    const text = texts.get(key) ?? { choice, restorer: createRestorer(restoration, encoding), append };
    texts.set(key, text);
    return text.restorer.push(piece);
  }

  /** The delta with everything that the texts of its choice still hold back. */
  function release(choice: number, delta: JsonObject): JsonObject {
    let released = delta;
    for (const text of texts.values()) {
      const rest = text.choice === choice ? text.restorer.flush() : '';
      if (rest !== '') released = text.append(released, rest);
    }
    return released;
  }
}

function indexOf(item: JsonObject, position: number): number {
  return typeof item['index'] === 'number' ? item['index'] : position;
}

function mapFields(object: JsonObject, map: (value: unknown, field: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([field, value]) => [field, map(value, field)]));
}

function appendToField(object: JsonObject, field: string, piece: string): JsonObject {
  const before = object[field];
  return { ...object, [field]: (typeof before === 'string' ? before : '') + piece };
}

function appendToCall(delta: JsonObject, index: number, piece: string): JsonObject {
  const calls: readonly unknown[] = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
  const at = calls.findLastIndex((call, position) => isJsonObject(call) && indexOf(call, position) === index);
  const call = calls[at];
  if (!isJsonObject(call)) {
    return { ...delta, tool_calls: [...calls, { index, function: { arguments: piece } }] };
  }
  const called = isJsonObject(call['function']) ? call['function'] : {};
  return {
    ...delta,
    tool_calls: calls.with(at, { ...call, function: appendToField(called, 'arguments', piece) }),
  };
}

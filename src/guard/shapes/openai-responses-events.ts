import { isJsonObject } from '../../core/json.ts';
import type { Failure } from '../refusal.ts';
import { toOpenaiError } from '../refusal.ts';
import { restoreJson, toolTold } from '../restore/restore-json.ts';
import { createRestorer, type Restoration, type Restorer } from '../restore/restorer.ts';
import type { EventRestorer, JsonObject } from './shape.ts';

/** One text of the answer, arriving in pieces. */
interface OpenText {
  readonly restorer: Restorer;
  /** The last event that brought a piece. */
  event: JsonObject;
}

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** What tells one text of an answer from another. */
const PLACES = ['item_id', 'output_index', 'content_index', 'summary_index', 'command_index'];

/**
 * Restores the events of /v1/responses. Each `….delta` brings a piece of a text; what is held back of it goes out as one
 * more delta before its `….done`, which repeats the text as a whole, as later events do once more. Events are
 * numbered, so those that follow one that was added are numbered anew.
 */
export function restoreEvents(restoration: Restoration): EventRestorer {
  // What is repeated is not counted twice.
  const repetition: Restoration = { ...restoration, counts: new Map(), contained: new Map() };
  const texts = new Map<string, OpenText>();
  /** Of the tools that are called, by the place of their calls in the output. */
  const names = new Map<unknown, string>();
  let added = 0;
  let lastNumber = -1;
  let ended = false;

  return {
    restore(event) {
      const type = String(event['type']);
      ended ||= ENDS.has(type);
      noteName(event);
      if (type.endsWith('.delta')) return [number({ ...event, delta: push(type, event) })];
      const released = type.endsWith('.done') ? release(placeOf(type, event)) : [];
      return [...released, number(restoreJson(repetition, event, names.get(event['output_index'])))];
    },
    flush: () => [...texts.keys()].flatMap(release),
    isComplete: () => ended,
    toError: (failure) => toErrorEvent(failure, lastNumber + 1),
  };

  /** A delta is a text, or an object of texts. */
  function push(type: string, event: JsonObject): unknown {
    const { delta } = event;
    const place = placeOf(type, event);
    const pushAt = (field: string, piece: unknown): unknown => {
      if (typeof piece !== 'string') return piece;
      const key = `${place} ${field}`;
      const text = texts.get(key) ?? { event, restorer: open(type, event) };
      text.event = event;
      texts.set(key, text);
      return text.restorer.push(piece);
    };
    if (!isJsonObject(delta)) return pushAt('', delta);
    return Object.fromEntries(Object.entries(delta).map(([field, piece]) => [field, pushAt(field, piece)]));
  }

  function noteName({ output_index, item }: JsonObject): void {
    if (isJsonObject(item) && typeof item['name'] === 'string') names.set(output_index, item['name']);
  }

  function open(type: string, event: JsonObject): Restorer {
    const field = /arguments|input/.exec(type)?.[0] ?? '';
    const tool = toolTold(names.get(event['output_index']), field);
    return createRestorer(restoration, field === 'arguments' ? 'json' : 'text', tool);
  }

  /** What is held back of the texts at a place. */
  function release(place: string): readonly JsonObject[] {
    return [...texts].flatMap(([key, { event, restorer }]) => {
      if (key !== place && !key.startsWith(`${place} `)) return [];
      texts.delete(key);
      const rest = restorer.flush();
      if (rest === '') return [];
      added += 1;
      lastNumber += 1;
      const field = key.slice(key.lastIndexOf(' ') + 1);
      const delta = field === '' ? rest : { [field]: rest };
      return [{ ...event, delta, ...('sequence_number' in event ? { sequence_number: lastNumber } : {}) }];
    });
  }

  function number(event: JsonObject): JsonObject {
    const { sequence_number: given } = event;
    if (typeof given !== 'number') return event;
    lastNumber = given + added;
    return { ...event, sequence_number: lastNumber };
  }
}

/** The same for the deltas of a text and the event that ends it. */
function placeOf(type: string, event: JsonObject): string {
  return JSON.stringify([type.slice(0, type.lastIndexOf('.')), ...PLACES.map((place) => event[place])]);
}

/** As the documentation has it, and as the API sends it: clients read the one or the other. */
function toErrorEvent(failure: Failure, sequence_number: number): JsonObject {
  const { error } = toOpenaiError(failure);
  return { type: 'error', code: error.code, message: error.message, param: null, sequence_number, error };
}

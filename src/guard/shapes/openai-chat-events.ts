import { isJsonObject } from '../../core/json.ts';
import { toOpenaiError } from '../refusal.ts';
import { toolTold } from '../restore/restore-json.ts';
import { createRestorer, type Restoration, type Restorer } from '../restore/restorer.ts';
import type { EventRestorer, JsonObject } from './shape.ts';

/** Where a text stands in a delta: field names, and the `index` of the items of arrays. */
type Path = readonly (string | number)[];

/** One text of the answer, arriving in pieces. */
interface OpenText {
  readonly choice: number;
  readonly path: Path;
  readonly restorer: Restorer;
}

const NOTHING: JsonObject = {};

/** Words of the protocol, which come as a whole and are not restored. */
const WHOLE = new Set(['role', 'id', 'type', 'name', 'format']);

/**
 * Restores `chat.completion.chunk` events. Each string at each place of a delta is a text of its own per choice: the
 * content, the arguments of a call, the input of a custom tool, and whatever providers add. What it holds back is
 * released with the finish_reason of its choice at the latest.
 */
export function restoreEvents(restoration: Restoration): EventRestorer {
  const texts = new Map<string, OpenText>();
  /** Of the tools that are called, by the place of their calls: a name comes before its arguments. */
  const names = new Map<string, string>();
  const seen = new Set<number>();
  const finished = new Set<number>();
  let lastEvent: JsonObject = {};

  return {
    restore(event) {
      if (!Array.isArray(event['choices'])) return [event];
      lastEvent = event;
      return [{ ...event, choices: event['choices'].map(restoreChoice) }];
    },
    flush() {
      const choices = [...seen]
        .map((index) => ({ index, delta: release(index, NOTHING), finish_reason: null }))
        .filter(({ delta }) => delta !== NOTHING);
      return choices.length === 0 ? [] : [{ ...lastEvent, usage: null, choices }];
    },
    isComplete: () => seen.size > 0 && seen.size === finished.size,
    toError: toOpenaiError,
  };

  function restoreChoice(choice: unknown, position: number): unknown {
    if (!isJsonObject(choice)) return choice;
    const index = indexOf(choice, position);
    seen.add(index);
    const delta = isJsonObject(choice['delta']) ? restoreAt(index, [], choice['delta']) : {};
    if (typeof choice['finish_reason'] !== 'string') return { ...choice, delta };
    finished.add(index);
    return { ...choice, delta: release(index, delta) };
  }

  function restoreAt(choice: number, path: Path, value: unknown): unknown {
    if (typeof value === 'string') return push(choice, path, value);
    if (Array.isArray(value)) {
      return value.map((item: unknown, position) =>
        restoreAt(choice, [...path, indexOf(item, position)], item),
      );
    }
    if (!isJsonObject(value)) return value;
    if (typeof value['name'] === 'string') names.set(keyOf(choice, path), value['name']);
    return Object.fromEntries(
      Object.entries(value).map(([field, item]) => [
        field,
        WHOLE.has(field) ? item : restoreAt(choice, [...path, field], item),
      ]),
    );
  }

  function push(choice: number, path: Path, piece: string): string {
    const key = keyOf(choice, path);
    const text = texts.get(key) ?? { choice, path, restorer: open(choice, path) };
    texts.set(key, text);
    return text.restorer.push(piece);
  }

  function open(choice: number, path: Path): Restorer {
    const field = String(path.at(-1));
    const tool = toolTold(names.get(keyOf(choice, path.slice(0, -1))), field);
    return createRestorer(restoration, field === 'arguments' ? 'json' : 'text', tool);
  }

  /** The delta with everything that the texts of its choice still hold back. */
  function release(choice: number, delta: unknown): unknown {
    let released = delta;
    for (const text of texts.values()) {
      const rest = text.choice === choice ? text.restorer.flush() : '';
      if (rest !== '') released = append(released, text.path, rest);
    }
    return released;
  }
}

function keyOf(choice: number, path: Path): string {
  return JSON.stringify([choice, ...path]);
}

function indexOf(item: unknown, position: number): number {
  return isJsonObject(item) && typeof item['index'] === 'number' ? item['index'] : position;
}

/** A value with a piece added to the text at a path, which is made where it is missing. */
function append(value: unknown, [head, ...rest]: Path, piece: string): unknown {
  if (head === undefined) return (typeof value === 'string' ? value : '') + piece;
  if (typeof head === 'string') {
    const object = isJsonObject(value) ? value : {};
    return { ...object, [head]: append(object[head], rest, piece) };
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const at = items.findLastIndex((item, position) => indexOf(item, position) === head);
  if (at !== -1) return items.with(at, append(items[at], rest, piece));
  return [...items, append(rest.length > 0 ? { index: head } : undefined, rest, piece)];
}

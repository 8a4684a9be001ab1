import { isJsonObject } from '../../core/json.ts';
import { toAnthropicError } from '../refusal.ts';
import { toolTold } from '../restore/restore-json.ts';
import { createRestorer, type Restoration, type Restorer } from '../restore/restorer.ts';
import { restoreAnswer } from './anthropic-messages-answer.ts';
import type { EventRestorer, JsonObject } from './shape.ts';

/** The text of a block that is open: `field` is where its deltas have their pieces. */
interface OpenText {
  readonly index: unknown;
  readonly type: string;
  readonly field: string;
  readonly restorer: Restorer;
}

/** The deltas that bring pieces of a text, and where they have them. */
const FIELDS: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
  ['compaction_delta', 'content'],
]);

/**
 * Restores the events of /v1/messages. What is held back of a block goes out as one more delta before a delta of
 * another type (the signature behind a thought) and before the end of the block.
 */
export function restoreEvents(restoration: Restoration): EventRestorer {
  const texts = new Map<unknown, OpenText>();
  /** Of the tools that are called, by block. */
  const names = new Map<unknown, unknown>();
  let stopped = false;

  return {
    restore(event) {
      stopped ||= event['type'] === 'message_stop';
      switch (event['type']) {
        case 'content_block_start':
          noteName(event);
          return [restoreAnswer(event, restoration)];
        case 'content_block_delta':
          return restoreDelta(event);
        case 'content_block_stop':
          return [...release(event['index']), event];
        default:
          return [restoreAnswer(event, restoration)];
      }
    },
    flush: () => [...texts.keys()].flatMap(release),
    isComplete: () => stopped,
    toError: toAnthropicError,
  };

  function noteName({ index, content_block: block }: JsonObject): void {
    if (isJsonObject(block)) names.set(index, block['name']);
  }

  function restoreDelta(event: JsonObject): readonly JsonObject[] {
    const { index, delta } = event;
    if (!isJsonObject(delta)) return [event];
    const { type } = delta;
    const released = texts.get(index)?.type === type ? [] : release(index);
    const field = FIELDS.get(type);
    const piece = field === undefined ? undefined : delta[field];
    if (field === undefined || typeof piece !== 'string')
      return [...released, restoreAnswer(event, restoration)];
    const text = texts.get(index) ?? open(index, String(type), field);
    return [...released, { ...event, delta: { ...delta, [field]: text.restorer.push(piece) } }];
  }

  function open(index: unknown, type: string, field: string): OpenText {
    const restorer =
      field === 'partial_json'
        ? createRestorer(restoration, 'json', toolTold(names.get(index), 'input'))
        : createRestorer(restoration, 'text');
    const text = { index, type, field, restorer };
    texts.set(index, text);
    return text;
  }

  /** Ends the text that is open in a block. */
  function release(block: unknown): readonly JsonObject[] {
    const text = texts.get(block);
    texts.delete(block);
    const rest = text?.restorer.flush() ?? '';
    if (text === undefined || rest === '') return [];
    const { index, type, field } = text;
    return [{ type: 'content_block_delta', index, delta: { type, [field]: rest } }];
  }
}

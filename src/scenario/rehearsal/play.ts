import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { fill, fillText, valueAt } from '../template.ts';
import type { Conversation } from './conversation.ts';
import type { Line } from './script.ts';

/** What the model answers: text, a tool call, or both. */
export interface Reply {
  /** Number of the line, from 0. */
  readonly line: number;
  readonly say: string | undefined;
  readonly call: { readonly id: string; readonly name: string; readonly arguments: string } | undefined;
  readonly pauseMs: number;
}

/** Extension that the mesh tools belong to, where a script names only the tool. */
const DEFAULT_EXTENSION = 'mesh';

/**
 * The model's next line, found from the conversation alone: of the lines after the last one played whose conditions
 * hold, the one that waits for just the latest message, else the first. So a conversation that lost its end in a
 * crash goes on where it really is, in any process. Undefined: no line fits.
 */
export function playNext(lines: readonly Line[], conversation: Conversation): Reply | undefined {
  const next = lastPlayed(lines, conversation) + 1;
  const fitting = lines.flatMap((line, index) =>
    index >= next && fits(line, conversation) ? [{ line, index }] : [],
  );
  const [chosen = fitting[0]] = fitting
    .filter(({ line }) => answersLatest(line, conversation))
    .sort((a, b) => lastTold(b.line, conversation) - lastTold(a.line, conversation));
  return chosen && render(chosen.line, chosen.index, conversation);
}

function answersLatest({ when }: Line, { latest }: Conversation): boolean {
  return latest !== undefined && when.told.length > 0 && when.told.every((wanted) => latest.includes(wanted));
}

/** Goose joins messages between which a crash took what was said into one: what stands last in it is what is new. */
function lastTold({ when }: Line, { latest = '' }: Conversation): number {
  return Math.max(...when.told.map((wanted) => latest.lastIndexOf(wanted)));
}

function fits({ when, take }: Line, { told, results }: Conversation): boolean {
  return (
    when.told.every((wanted) => told.some((text) => text.includes(wanted))) &&
    when.after.every((tool) => tool in results) &&
    Object.entries(when.results).every(([path, wanted]) =>
      isDeepStrictEqual(valueAt(results, path), wanted),
    ) &&
    Object.values(take).every((pattern) => told.some((text) => new RegExp(pattern).test(text)))
  );
}

/** A call carries the number of its line in its id; a line that only speaks is known by its words. */
function lastPlayed(lines: readonly Line[], conversation: Conversation): number {
  const called = conversation.callIds.map((id) => Number(/^line_(\d+)_/.exec(id)?.[1] ?? -1));
  const spoken = lines.map((line, index) => (hasSaid(line, conversation) ? index : -1));
  return Math.max(-1, ...called, ...spoken);
}

function hasSaid(line: Line, conversation: Conversation): boolean {
  if (line.say === undefined || line.call !== undefined || !fits(line, conversation)) return false;
  const words = fillText(line.say, valuesOf(line, conversation)).trim();
  return conversation.said.some((text) => text.trim() === words);
}

function render(line: Line, index: number, conversation: Conversation): Reply {
  const values = valuesOf(line, conversation);
  const say = line.say === undefined ? undefined : fillText(line.say, values);
  if (line.call === undefined) return { line: index, say, call: undefined, pauseMs: line.pause_ms };
  const { tool } = line.call;
  const name = tool.includes('__') ? tool : `${DEFAULT_EXTENSION}__${tool}`;
  const args = JSON.stringify(fill(line.call.with, values));
  const digest = createHash('sha256').update(JSON.stringify(conversation)).digest('hex').slice(0, 12);
  return {
    line: index,
    say,
    call: { id: `line_${index}_${digest}`, name, arguments: args },
    pauseMs: line.pause_ms,
  };
}

function valuesOf({ take }: Line, { told, results }: Conversation) {
  const taken = Object.entries(take).map(([name, pattern]) => {
    const found = told
      .map((text) => new RegExp(pattern).exec(text)?.[1])
      .find((value) => value !== undefined);
    return [name, found] as const;
  });
  return { ...Object.fromEntries(taken), results };
}

import { z } from 'zod';
import { Attachment } from '../core/attachment.ts';
import { isMeshError, MeshError, messageOf } from '../core/errors.ts';
import { JsonObject } from '../core/json.ts';
import { Amount, Deadline } from '../core/task.ts';

/** The id of a session, a task or an approval. */
export function parseId(text: string): string {
  const id = z.uuid().safeParse(text);
  if (id.success) return id.data;
  throw new MeshError('usage', `Expected a UUID, found ${JSON.stringify(text)}.`);
}

/** Commas between thousands or none, at most two decimal places; 1,5 and 1e6 mean different things to people. */
const MONEY = /^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?$/;

/** An amount of money on the command line: 125000, 125000.50, 125,000. */
export function parseAmount(text: string): number {
  const amount = Amount.safeParse(MONEY.test(text) ? Number(text.replaceAll(',', '')) : undefined);
  if (amount.success) return amount.data;
  throw new MeshError(
    'usage',
    `Expected an amount such as 125000, 125,000 or 125000.50, found ${JSON.stringify(text)}.`,
  );
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new MeshError('usage', `Expected a number greater than 0, found ${JSON.stringify(text)}.`);
}

/** How urgent a task is. */
export function parsePriority(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new MeshError('usage', `Expected a priority from 0 to 9, found ${JSON.stringify(text)}.`);
}

/** A reference on the command line, name=uri, beside those before it. */
export function collectAttachment(text: string, before: readonly Attachment[] = []): readonly Attachment[] {
  const cut = text.indexOf('=');
  const attachment = Attachment.safeParse({ name: text.slice(0, cut), uri: text.slice(cut + 1) });
  if (cut > 0 && attachment.success) return [...before, attachment.data];
  throw new MeshError(
    'usage',
    `Expected a reference such as plan=https://files.example.org/plan.pdf, found ${JSON.stringify(text)}.`,
    { hint: 'Attachments are references without a user or a password in them; data: is no reference.' },
  );
}

/** A text to keep by its name, name=text, beside those before it. */
export function collectMember(text: string, before: JsonObject = {}): JsonObject {
  const cut = text.indexOf('=');
  if (cut > 0) return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) };
  throw new MeshError('usage', `Expected key=value, found ${JSON.stringify(text)}.`);
}

/** A name to take away, beside those before it: null, as a JSON merge patch writes it. */
export function collectUnset(key: string, before: JsonObject = {}): JsonObject {
  return { ...before, [key]: null };
}

/** A value that was given, or null to take it away. Commander makes a bare null an empty text. */
export interface Given<T> {
  readonly value: T | null;
}

/** A value that can be taken away by the word none. */
export function orNone<T>(parse: (text: string) => T): (text: string) => Given<T> {
  return (text) => ({ value: text === 'none' ? null : parse(text) });
}

/** A moment, as RFC 3339 writes it. */
export function parseTime(text: string): string {
  const time = Deadline.safeParse(text);
  if (time.success) return time.data;
  throw new MeshError(
    'usage',
    `Expected a time such as 2026-03-31T17:00:00Z or 2026-03-31T17:00:00+02:00, found ${JSON.stringify(text)}.`,
  );
}

/** A JSON object on the command line. Numbers that would arrive as others are refused. */
export function parseData(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text, keepNumber);
  } catch (error) {
    if (isMeshError(error)) throw error;
    throw new MeshError('usage', `Expected a JSON object, but it does not parse: ${messageOf(error)}.`);
  }
  const data = JsonObject.safeParse(value);
  if (data.success) return data.data;
  throw new MeshError('usage', `Expected a JSON object such as {"quarter":"Q1"}, found ${text}.`);
}

/** 1e999 would become null, and of 12345678901234567890 the last digits would become zeros. */
function keepNumber(key: string, value: unknown): unknown {
  const isKept =
    typeof value !== 'number' ||
    (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (isKept) return value;
  throw new MeshError('usage', `The number at ${JSON.stringify(key)} is too large to be kept exactly.`, {
    hint: 'Write it as a text, between quotes.',
  });
}

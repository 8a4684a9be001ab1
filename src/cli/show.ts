import type { Attachment } from '../core/attachment.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { formatMs } from '../ui/format.ts';

/** A moment to the second, in UTC: 2026-03-31 17:00:00Z. Undefined where there is none. */
export function showTime(at: string | null | undefined): string | undefined {
  return at == null ? undefined : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** How long something took; undefined while it goes on. */
export function showTook(from: string, to: string | null): string | undefined {
  return to === null ? undefined : formatMs(Math.max(0, Date.parse(to) - Date.parse(from)));
}

/** 7,500 USD. */
export function showAmount(amount: number | null, currency: string | null): string | undefined {
  return amount === null ? undefined : `${amount.toLocaleString('en-US')} ${currency ?? ''}`.trimEnd();
}

/** One line for each value of an object, by its path: trip.days: 7. Undefined for an empty one. */
export function showData(data: JsonObject | null | undefined): string | undefined {
  if (data == null) return undefined;
  const lines = linesOf(data, '');
  return lines.length === 0 ? undefined : lines.join('\n');
}

function linesOf(value: unknown, path: string): string[] {
  if (isJsonObject(value) && (path === '' || Object.keys(value).length > 0))
    return Object.entries(value).flatMap(([key, item]) =>
      linesOf(item, path === '' ? key : `${path}.${key}`),
    );
  return [`${path}: ${textOf(value)}`];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const isList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  return isList ? value.map(String).join(', ') : JSON.stringify(value);
}

/** One reference a line. */
export function showAttachments(attachments: readonly Attachment[]): string | undefined {
  return attachments.length === 0
    ? undefined
    : attachments.map(({ name, uri }) => `${name}: ${uri}`).join('\n');
}

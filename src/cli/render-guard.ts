import { styleText } from 'node:util';
import type { AuditedCall } from '../core/guard.ts';
import type { RoleMode } from '../core/privacy.ts';
import { showControls } from '../core/text.ts';
import type { Span } from '../detect/span.ts';
import { showTime } from './show.ts';
import { renderTable } from './table.ts';

export function renderModes(modes: readonly RoleMode[]): string {
  return renderTable(modes, [
    { title: 'ROLE', value: ({ role }) => role },
    { title: 'MODE', value: ({ mode }) => mode },
    { title: 'PROFILE', value: ({ profile_mode }) => profile_mode },
    { title: 'MAY BE', value: ({ may_override }) => may_override.join(', ') },
    { title: 'SET BY', value: ({ set_by }) => set_by },
    { title: 'SET AT', value: ({ set_at }) => showTime(set_at) },
  ]);
}

export function renderCalls(calls: readonly AuditedCall[]): string {
  return renderTable(calls, [
    { title: 'TIME', value: ({ at }) => showTime(at) },
    { title: 'AGENT', value: ({ agent }) => agent },
    { title: 'SESSION', value: ({ session_id }) => session_id?.slice(0, 8) },
    { title: 'TASK', value: ({ task_id }) => task_id?.slice(0, 8) },
    { title: 'SHAPE', value: ({ shape }) => shape },
    { title: 'MODEL', value: ({ model }) => model },
    { title: 'MODE', value: ({ mode }) => mode },
    { title: 'STATUS', value: ({ status, refused }) => refused ?? status ?? 'open' },
    { title: 'MASKED', value: ({ masked }) => showCounts(masked) },
    { title: 'RESTORED', value: ({ restored }) => showCounts(restored) },
    { title: 'HIDDEN', value: ({ contained }) => showCounts(contained) },
    { title: 'IN', value: ({ tokens_in }) => tokens_in ?? '-' },
    { title: 'OUT', value: ({ tokens_out }) => tokens_out ?? '-' },
    { title: 'USD', value: ({ cost }) => cost?.toFixed(4) ?? '-' },
    { title: 'FIRST', value: ({ first_token_ms }) => showMs(first_token_ms) },
    { title: 'TOOK', value: ({ duration_ms }) => showMs(duration_ms) },
  ]);
}

function showCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(' ');
}

function showMs(ms: number | null): string {
  return ms === null ? '-' : `${Math.round(ms)} ms`;
}

export interface Finding extends Span {
  readonly text: string;
}

/** One finding a line, where it stands first. */
export function renderFindings(text: string, findings: readonly Finding[]): string {
  const places = findPlaces(text, findings);
  return renderTable(findings, [
    { title: 'PLACE', value: (finding) => places.get(finding) },
    { title: 'KIND', value: ({ kind }) => kind },
    { title: 'SURE', value: ({ confidence }) => confidence.toFixed(2) },
    { title: 'TEXT', value: (finding) => finding.text },
  ]);
}

/** The text with its findings in colour, each with its kind. Whatever else would move a terminal is shown. */
export function paintFindings(text: string, findings: readonly Finding[]): string {
  const paint = { validateStream: false } as const;
  const last = findings.at(-1)?.end ?? 0;
  let from = 0;
  const lines = findings.map(({ start, end, kind, text: found }) => {
    const before = showControls(text.slice(from, start));
    from = end;
    return (
      before +
      styleText(['black', 'bgYellow'], showControls(found), paint) +
      styleText('yellow', ` ${kind}`, paint)
    );
  });
  return lines.join('') + showControls(text.slice(last));
}

/** Line and column, from 1, of where each finding begins; one pass over the text. */
function findPlaces(text: string, findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const places = new Map<Finding, string>();
  let line = 1;
  let begin = 0;
  for (const finding of findings) {
    for (let feed = text.indexOf('\n', begin); feed !== -1 && feed < finding.start; ) {
      line += 1;
      begin = feed + 1;
      feed = text.indexOf('\n', begin);
    }
    places.set(finding, `${line}:${finding.start - begin + 1}`);
  }
  return places;
}

import { z } from 'zod';
import { isErrorCode, MeshError } from '../../core/errors.ts';

/** What our parts log: one JSON object a line (pino). Programs under them may write anything. */
const Line = z.object({
  level: z.string().optional(),
  msg: z.string(),
  reason: z.string().optional(),
  err: z
    .object({ message: z.string(), code: z.unknown().optional(), hint: z.string().optional() })
    .optional(),
});

interface PartLine {
  readonly message: string;
  /** What the part gives up with. */
  readonly fatal:
    | { readonly message: string; readonly code?: unknown; readonly hint?: string | undefined }
    | undefined;
  /** The line as people read it. */
  readonly shown: string;
}

export function readPartLine(text: string): PartLine {
  const { data } = Line.safeParse(parseJson(text));
  if (data === undefined) return { message: text, fatal: undefined, shown: text };
  const { level, msg: message, reason, err } = data;
  const detail = err?.message ?? reason;
  return {
    message,
    fatal: level === 'fatal' ? (err ?? { message }) : undefined,
    shown: detail === undefined ? message : `${message}: ${detail}`,
  };
}

/**
 * Says why a part is not ready: by what it gave up with if it knew what to do about that, else by its last lines,
 * for its log may be gone by the time that somebody wants to read it.
 */
export function explainFailure(what: string, lastLines: readonly string[]): MeshError {
  const lines = lastLines.map(readPartLine);
  const reason = lines.findLast(({ fatal }) => fatal !== undefined)?.fatal;
  const code = isErrorCode(reason?.code) ? reason.code : 'environment';
  if (reason?.hint !== undefined)
    return new MeshError(code, `${what}: ${reason.message}`, { hint: reason.hint });
  const shown = lines.map((line) => `\n  ${line.shown}`).join('');
  return new MeshError(code, `${what}.${shown === '' ? ' It logged nothing.' : `\nIts last lines:${shown}`}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

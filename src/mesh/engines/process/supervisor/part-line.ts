import { z } from 'zod';

/** What our parts write: one JSON object a line (pino). Programs under them may write anything. */
const Line = z.object({
  msg: z.string(),
  err: z.object({ message: z.string(), code: z.unknown() }).optional(),
});

export interface PartLine {
  readonly message: string;
  /** The error that the line is about. */
  readonly error: { readonly message: string; readonly code?: unknown } | undefined;
}

export function readPartLine(text: string): PartLine {
  const { data } = Line.safeParse(parseJson(text));
  return { message: data?.msg ?? text, error: data?.err };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

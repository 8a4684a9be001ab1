/** How the severities of PostgreSQL's own messages look here; all it has beside these is for clients. */
const LEVELS = { LOG: 'info', WARNING: 'warn', FATAL: 'warn', PANIC: 'error' } as const;

export interface ServerLogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Reads a line that the server wrote to standard error: `LOG:  database system was shut down at ...`. */
export function readLogLine(line: string): ServerLogLine {
  const [, severity = '', message = line] = /^([A-Z]+): {2}(.*)$/.exec(line) ?? [];
  return { level: isSeverity(severity) ? LEVELS[severity] : 'info', message };
}

function isSeverity(text: string): text is keyof typeof LEVELS {
  return Object.hasOwn(LEVELS, text);
}

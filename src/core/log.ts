import { type Logger, pino } from 'pino';
import { isMeshError } from './errors.ts';

export type { Logger } from 'pino';

/**
 * The log of a part: one JSON object a line on standard output. Errors keep their code and stack; nothing in
 * this project logs bodies, tokens or texts of agents.
 */
export function createLogger(part: string, name?: string): Logger {
  return pino({
    base: name === undefined ? { part } : { part, name },
    level: process.env['GOOSE_MESH_LOG_LEVEL'] ?? 'info',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
    redact: [
      'authorization',
      '*.authorization',
      'secret',
      '*.secret',
      'client_secret',
      '*.client_secret',
      'token',
    ],
  });
}

function serializeError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  if (isMeshError(error)) return { name, message, code: error.code, hint: error.hint, stack };
  return { name, message, code: Reflect.get(error, 'code') as unknown, stack };
}

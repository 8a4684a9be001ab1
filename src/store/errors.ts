import { isMeshError, MeshError, messageOf } from '../core/errors.ts';

/**
 * SQLSTATE classes and codes, and Node's system errors, that mean "the server is away": connection exceptions
 * (08), insufficient resources (53), operator intervention (57P: shut down, crashed, still starting).
 */
const AWAY_SQLSTATE = /^(08...|53...|57P0[1-4])$/;
const AWAY_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
]);
/** node-postgres reports these without a code. */
const AWAY_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Client was closed/;

/** An unreachable database becomes `database_unavailable`; every other error stays what it is. */
export function toStoreError(error: unknown): unknown {
  if (isMeshError(error) || !isAway(error)) return error;
  return new MeshError('database_unavailable', `The database does not answer: ${messageOf(rootOf(error))}.`, {
    hint: 'Is PostgreSQL running? goose-mesh goes on by itself when it is back.',
    cause: error,
  });
}

function isAway(error: unknown): boolean {
  const root = rootOf(error);
  if (!(root instanceof Error)) return false;
  const code: unknown = Reflect.get(root, 'code');
  if (typeof code !== 'string') return AWAY_MESSAGE.test(root.message);
  return AWAY_SQLSTATE.test(code) || AWAY_SYSTEM.has(code);
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
function rootOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

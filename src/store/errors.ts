import { isMeshError, MeshError, messageOf } from '../core/errors.ts';

/**
 * SQLSTATE classes and codes, and Node's system errors, that mean "the server is away": connection exceptions
 * (08), insufficient resources (53), operator intervention (57P: shut down, crashed, still starting), a transaction
 * that was ended for idling (25P03: this process had frozen).
 */
const AWAY_SQLSTATE = /^(08...|53...|57P0[1-5]|25P03)$/;
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
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Client was closed|Cannot use a pool after calling end/;

/** The statement ran out of time: query_canceled by statement_timeout, lock_not_available. */
const SLOW_SQLSTATE = /^(57014|55P03)$/;
/** Invalid authorization (28), and a database that is not there. */
const LOGIN_SQLSTATE = /^(28...|3D000)$/;
/** What JSON can say and PostgreSQL cannot hold: U+0000 in a text, U+0000 and half a surrogate pair in JSON. */
const UNSTORABLE_SQLSTATE = /^(22021|22P05)$/;
const UNSTORABLE_MESSAGE = /^invalid input syntax for type json/;

/** Errors of the database that have a meaning of ours; every other error stays what it is. */
export function toStoreError(error: unknown): unknown {
  if (isMeshError(error)) return error;
  const root = rootOf(error);
  if (!(root instanceof Error)) return error;
  const code: unknown = Reflect.get(root, 'code');
  if (isAway(root, code)) {
    return new MeshError('database_unavailable', `The database does not answer: ${messageOf(root)}.`, {
      hint: 'Is PostgreSQL running? goose-mesh goes on by itself when it is back.',
      cause: error,
    });
  }
  if (typeof code !== 'string') return error;
  if (SLOW_SQLSTATE.test(code)) {
    return new MeshError('unavailable', 'The database did not finish a statement in time.', {
      hint: 'Try again.',
      cause: error,
    });
  }
  if (LOGIN_SQLSTATE.test(code)) {
    return new MeshError('configuration', `The database refuses the login: ${messageOf(root)}.`, {
      hint: 'Check user, password and database name in database.url.',
      cause: error,
    });
  }
  if (UNSTORABLE_SQLSTATE.test(code) || UNSTORABLE_MESSAGE.test(root.message)) {
    return new MeshError('unprocessable', 'A text holds U+0000 or half of a surrogate pair.', {
      hint: 'Leave such characters out: PostgreSQL cannot store them.',
      cause: error,
    });
  }
  return error;
}

function isAway(error: Error, code: unknown): boolean {
  if (typeof code !== 'string') return AWAY_MESSAGE.test(error.message);
  return AWAY_SQLSTATE.test(code) || AWAY_SYSTEM.has(code);
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
function rootOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

/**
 * Every error that goose-mesh knows, in one table: what HTTP says, how the CLI exits, whether a retry may help.
 *
 * Exit codes: 1 an expectation failed, 2 usage or configuration, 3 environment, 70 a bug of ours (EX_SOFTWARE
 * of sysexits.h), 130 and 143 ended by SIGINT and SIGTERM (128 + the number of the signal, as shells say it).
 */
export const ERROR_CODES = {
  invalid_request: { status: 400, exit: 2, retryable: false, title: 'The request is not valid' },
  unknown_event: { status: 400, exit: 2, retryable: false, title: 'There is no such session event' },
  invalid_transition: { status: 400, exit: 2, retryable: false, title: 'The session cannot do that now' },
  unknown_role: { status: 400, exit: 2, retryable: false, title: 'There is no such role' },
  unauthenticated: { status: 401, exit: 2, retryable: false, title: 'A valid token is needed' },
  budget_exceeded: { status: 402, exit: 2, retryable: false, title: 'The budget is used up' },
  forbidden: { status: 403, exit: 2, retryable: false, title: 'The caller may not do that' },
  not_found: { status: 404, exit: 2, retryable: false, title: 'There is nothing under that name' },
  gone: { status: 410, exit: 2, retryable: false, title: 'It was there, and is not any more' },
  method_not_allowed: { status: 405, exit: 2, retryable: false, title: 'The path does not take that method' },
  conflict: { status: 409, exit: 2, retryable: false, title: 'The request clashes with the current state' },
  idempotency_conflict: {
    status: 409,
    exit: 2,
    retryable: false,
    title: 'The idempotency key was used for another request',
  },
  lease_lost: { status: 409, exit: 2, retryable: false, title: 'The task is no longer leased to the caller' },
  task_closed: { status: 409, exit: 2, retryable: false, title: 'The task has already ended' },
  approval_required: { status: 409, exit: 2, retryable: false, title: 'The outcome needs an approval' },
  approval_closed: { status: 409, exit: 2, retryable: false, title: 'The approval is already decided' },
  too_large: { status: 413, exit: 2, retryable: false, title: 'The body is too large' },
  unsupported_media_type: { status: 415, exit: 2, retryable: false, title: 'The body is of the wrong type' },
  unprocessable: { status: 422, exit: 2, retryable: false, title: 'The content was refused' },
  invalid_result: { status: 422, exit: 2, retryable: false, title: 'The result does not fit its schema' },
  rate_limited: { status: 429, exit: 3, retryable: true, title: 'Too many calls at once' },
  internal: { status: 500, exit: 70, retryable: false, title: 'Something broke inside goose-mesh' },
  upstream_failed: { status: 502, exit: 3, retryable: true, title: 'The model provider failed' },
  database_unavailable: { status: 503, exit: 3, retryable: true, title: 'The database cannot be reached' },
  unavailable: { status: 503, exit: 3, retryable: true, title: 'The service cannot answer now' },
  usage: { status: 400, exit: 2, retryable: false, title: 'The command is not valid' },
  configuration: { status: 500, exit: 2, retryable: false, title: 'The configuration is not valid' },
  migration: { status: 503, exit: 2, retryable: false, title: 'The migrations do not fit the database' },
  environment: { status: 500, exit: 3, retryable: false, title: 'The machine lacks something' },
  expectation_failed: { status: 500, exit: 1, retryable: false, title: 'An expectation was not met' },
  interrupted: { status: 500, exit: 130, retryable: false, title: 'The command was interrupted' },
  terminated: { status: 500, exit: 143, retryable: false, title: 'The command was told to end' },
} as const satisfies Record<string, { status: number; exit: number; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

const BRAND = Symbol.for('goose-mesh.error');

export interface MeshErrorOptions {
  /** What the reader can do about it. One sentence. */
  readonly hint?: string | undefined;
  /** Further members of the problem+json body. Never secrets, never personal data. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** An error with a known code. Its message says what was expected and what was found. */
export class MeshError extends Error {
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: MeshErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MeshError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }

  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

/** True for a MeshError of any copy of this package (a brand, since instanceof fails across copies). */
export function isMeshError(error: unknown): error is MeshError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}

/** The code that Node gives an error of the system, such as ENOENT; undefined for anything else that was thrown. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

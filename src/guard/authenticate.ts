import { errors, jwtVerify } from 'jose';
import { MeshError } from '../core/errors.ts';
import {
  AUDIENCE,
  issuerOf,
  type Principal,
  principalOf,
  TOKEN_TYPE,
  TokenClaims,
} from '../core/identity.ts';
import type { Keys } from './keys.ts';

/** Gives the caller behind an Authorization header. Throws MeshError 401, 403, or 503 without usable keys. */
export type Authenticate = (authorization: string | null, who?: Admitted) => Promise<Principal>;

interface Admitted {
  /** Beside the agent. */
  readonly admin: boolean;
}

/** How far the clocks of controller and guard may differ, in seconds. */
const CLOCK_SKEW_S = 5;

/** Tokens whose signature is not checked again until they expire. An agent has one for each conversation. */
const KNOWN_MAX = 200;

/** One guard serves one agent: a valid token of anyone else is refused. */
export function createAuthenticate(mesh: string, agent: string, keys: Keys): Authenticate {
  const known = new Map<string, { readonly claims: TokenClaims; readonly until: number }>();

  return async (authorization, { admin } = { admin: false }) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined)
      throw new MeshError('unauthenticated', 'A bearer token was expected, but none was sent.');
    const caller = principalOf(recall(token) ?? (await verify(token)));
    const isAdmitted = admin && caller.kind === 'admin';
    if (!isAdmitted && (caller.kind !== 'agent' || caller.name !== agent)) {
      throw new MeshError('forbidden', `This guard serves the agent ${agent}, not ${caller.actor}.`);
    }
    return caller;
  };

  function recall(token: string): TokenClaims | undefined {
    const before = known.get(token);
    return before !== undefined && Date.now() < before.until ? before.claims : undefined;
  }

  function remember(token: string, claims: TokenClaims, exp: number): void {
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= KNOWN_MAX) known.delete(oldest);
    known.set(token, { claims, until: (exp + CLOCK_SKEW_S) * 1000 });
  }

  async function verify(token: string): Promise<TokenClaims> {
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        issuer: issuerOf(mesh),
        audience: AUDIENCE,
        typ: TOKEN_TYPE,
        algorithms: ['EdDSA'],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_SKEW_S,
      });
      const claims = TokenClaims.parse(payload);
      remember(token, claims, payload.exp ?? 0);
      return claims;
    } catch (error) {
      throw toMeshError(error);
    }
  }
}

/** The reason in words of ours: jose's own may quote claims. */
function toMeshError(error: unknown): MeshError {
  if (error instanceof errors.JWTExpired) return new MeshError('unauthenticated', 'The token has expired.');
  const isKeysFault =
    error instanceof errors.JOSEError ? KEYS_FAULTS.has(error.code) : error instanceof TypeError;
  return isKeysFault
    ? new MeshError(
        'unavailable',
        'The token cannot be checked, because the controller does not give its keys.',
      )
    : new MeshError('unauthenticated', 'The token is not a valid token of this mesh.');
}

/** A time-out, and an answer that is not a key set. A connection that fails is the TypeError of `fetch`. */
const KEYS_FAULTS = new Set<string>([errors.JWKSTimeout.code, errors.JOSEError.code]);

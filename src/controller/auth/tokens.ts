import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { ControllerConfig } from '../../core/config.ts';
import { MeshError } from '../../core/errors.ts';
import {
  AUDIENCE,
  type Client,
  issuerOf,
  type Principal,
  principalOf,
  TOKEN_TYPE,
  TokenClaims,
} from '../../core/identity.ts';
import { ALGORITHM, type Keys } from './keys.ts';

interface TokenContext {
  readonly config: ControllerConfig;
  readonly keys: Keys;
}

/** Makes an access token (RFC 9068) for a client, bound to one of its sessions and leases where they are given. */
export function issueToken(
  { config, keys }: TokenContext,
  client: Client,
  session?: { readonly id: string; readonly leaseId: string },
): Promise<string> {
  const claims = {
    kind: client.kind,
    roles: client.roles,
    ...(session === undefined ? {} : { sid: session.id, lease_id: session.leaseId }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: keys.kid, typ: TOKEN_TYPE })
    .setSubject(client.name)
    .setIssuer(issuerOf(config.mesh))
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${config.token_seconds} s`)
    .setJti(randomUUID())
    .sign(keys.privateKey);
}

export type VerifyToken = (token: string) => Promise<Principal>;

/** Verified tokens that are kept, so that a token is checked once and not with every call. */
const KEPT_TOKENS = 2000;

/** Makes the check of access tokens; it throws `unauthenticated` with a reason that is safe to tell. */
export function createTokenVerifier({ config, keys }: TokenContext): VerifyToken {
  const kept = new Map<string, { principal: Principal; expiresAt: number }>();

  return async (token) => {
    const known = kept.get(token);
    if (known !== undefined && Date.now() < known.expiresAt) return known.principal;
    const { principal, expiresAt } = await verify(token);
    if (kept.size >= KEPT_TOKENS) kept.clear();
    kept.set(token, { principal, expiresAt });
    return principal;
  };

  async function verify(token: string) {
    try {
      const { payload } = await jwtVerify(token, keys.publicKey, {
        algorithms: [ALGORITHM],
        typ: TOKEN_TYPE,
        issuer: issuerOf(config.mesh),
        audience: AUDIENCE,
      });
      return { principal: principalOf(TokenClaims.parse(payload)), expiresAt: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      throw new MeshError('unauthenticated', reasonOf(error), {
        hint: 'Get a new token from POST /oauth/token of this mesh.',
        cause: error,
      });
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The token was not issued by this mesh.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The token's ${error.claim} is not the one of this mesh.`;
  return 'The token is not a valid access token.';
}

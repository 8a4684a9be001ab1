import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, exportJWK, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import type { ControllerConfig } from '../../core/config.ts';
import { MeshError } from '../../core/errors.ts';

/** The mesh's Ed25519 key: it signs tokens and receipts, which differ in their `typ`. */
export interface Keys {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** For digests that nobody can try texts against who has the database alone. */
  readonly digestKey: KeyObject;
  /** What /.well-known/jwks.json shows. */
  readonly jwks: JSONWebKeySet;
}

export const ALGORITHM = 'EdDSA';

export async function loadKeys(jwk: ControllerConfig['signing_key']): Promise<Keys> {
  const privateKey = await importKey(jwk);
  const { d: _secret, ...halves } = await exportJWK(privateKey);
  const shown = { ...halves, kid: jwk.kid, alg: ALGORITHM, use: 'sig' };
  const publicKey = await importKey(shown);
  // As an object: a key that is given as bytes is prepared anew for every digest, which takes longer than the digest.
  const digestKey = createSecretKey(
    createHmac('sha256', Buffer.from(jwk.d, 'base64url')).update('goose-mesh digests').digest(),
  );
  return { kid: jwk.kid, privateKey, publicKey, digestKey, jwks: { keys: [shown] } };
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM, { extractable: true });
  if (key instanceof Uint8Array) {
    throw new MeshError(
      'configuration',
      'signing_key must be an Ed25519 key pair, but it is a shared secret.',
    );
  }
  return key;
}

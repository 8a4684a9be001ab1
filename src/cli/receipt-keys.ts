import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { loadKeys } from '../controller/auth/keys.ts';
import { MeshError, messageOf } from '../core/errors.ts';
import { readSecrets } from '../mesh/secrets.ts';
import type { Project } from './project.ts';

/** The public half of an Ed25519 key (RFC 8037); whatever else stands there, a private half too, is left out. */
const PublicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/, 'expected 32 bytes in base64url'),
  kid: z.string(),
});
const KeySet = z.object({ keys: z.array(PublicKey).min(1) });

/** The keys of a file such as /.well-known/jwks.json serves. */
export async function readKeyFile(path: string): Promise<JSONWebKeySet> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new MeshError('usage', `Cannot read the keys in ${path}: ${messageOf(error)}.`, { cause: error });
  });
  const parsed = KeySet.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new MeshError('usage', `Expected a JWK set with Ed25519 keys in ${path}, found something else.`, {
    hint: 'Save what the controller of the mesh serves at /.well-known/jwks.json.',
  });
}

/** The keys of a mesh that was once brought up from here, whether or not it runs. */
export async function readMeshKeys({ spec, stateDir }: Project): Promise<JSONWebKeySet> {
  const secrets = await readSecrets(stateDir);
  if (secrets !== undefined) return (await loadKeys(secrets.signing_key)).jwks;
  throw new MeshError('environment', `This machine has no keys of the mesh ${spec.name} in ${stateDir}.`, {
    hint: 'Give its public keys, as its controller serves them at /.well-known/jwks.json, by --keys FILE.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { ensureStateDir } from './state-dir.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

/** Everything secret of one mesh. Made once, kept in a file of mode 0600, never printed. */
const Secrets = z.strictObject({
  signing_key: z.looseObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    d: z.string(),
    kid: z.string(),
  }),
  mask_key: z.string(),
  database_password: z.string(),
  model_api_key: z.string(),
  model_admin_key: z.string(),
  clients: z.record(z.string(), z.string()).describe('Secret of each client by its id'),
});
export type Secrets = z.infer<typeof Secrets>;

const FILE = 'secrets.json';

/** The secrets of a mesh, with one for each of the clients; what is missing is made and saved. */
export async function ensureSecrets(stateDir: string, clientIds: readonly string[]): Promise<Secrets> {
  const known = await readSecrets(stateDir);
  const secrets = known ?? (await generateSecrets());
  const missing = clientIds.filter((id) => secrets.clients[id] === undefined);
  if (known !== undefined && missing.length === 0) return known;
  const clients = { ...secrets.clients, ...Object.fromEntries(missing.map((id) => [id, randomSecret()])) };
  const complete = { ...secrets, clients };
  await ensureStateDir(stateDir);
  await writeStateFile(join(stateDir, FILE), complete);
  return complete;
}

/** Undefined: the mesh was never up on this machine. */
export function readSecrets(stateDir: string): Promise<Secrets | undefined> {
  return readStateFile(join(stateDir, FILE), Secrets, {
    hint: 'Remove it to make new secrets; what the mesh signed before can then no longer be verified.',
  });
}

async function generateSecrets(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return {
    signing_key: Secrets.shape.signing_key.parse({ ...jwk, kid: randomBytes(8).toString('hex') }),
    mask_key: randomSecret(),
    database_password: randomSecret(),
    model_api_key: randomSecret(),
    model_admin_key: randomSecret(),
    clients: {},
  };
}

/** 256 random bits. */
const randomSecret = (): string => randomBytes(32).toString('base64url');

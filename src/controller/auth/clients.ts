import { createHash, timingSafeEqual } from 'node:crypto';
import { MeshError } from '../../core/errors.ts';
import { type Client, type Credentials, clientIdOf } from '../../core/identity.ts';

/** Compared with when there is no such client, so that an unknown name takes as long as a wrong secret. */
const NO_DIGEST = Buffer.alloc(32);

/** The client that a pair of credentials belongs to. Throws `unauthenticated`, never saying which half was wrong. */
export function authenticateClient(
  clients: readonly Client[],
  { client_id, client_secret }: Credentials,
): Client {
  const client = clients.find((candidate) => clientIdOf(candidate) === client_id);
  // The secrets are 256 random bits, so a plain digest is as good as a slow one.
  const given = createHash('sha256').update(client_secret).digest();
  const wanted = client === undefined ? NO_DIGEST : Buffer.from(client.secret_sha256, 'hex');
  if (!timingSafeEqual(given, wanted) || client === undefined) {
    throw new MeshError('unauthenticated', 'There is no client with this id and secret.', {
      hint: 'Clients are made by `goose-mesh up`; their secrets lie in the state directory of the mesh.',
    });
  }
  return client;
}

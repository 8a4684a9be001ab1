import { type Client, createClient } from '../client/client.ts';
import type { TransportOptions } from '../client/transport.ts';
import { MeshError } from '../core/errors.ts';
import { actorOf } from '../core/identity.ts';
import type { Engine, ServiceStatus } from '../mesh/engine.ts';
import { ADMIN } from '../mesh/mesh-file.ts';
import { readSecrets, type Secrets } from '../mesh/secrets.ts';
import { makeEngine } from './choose-engine.ts';
import { type MeshRecord, readMeshRecord } from './mesh-record.ts';
import type { Project } from './project.ts';

/** A mesh that is up, as commands use it. */
export interface RunningMesh {
  readonly record: MeshRecord;
  readonly engine: Engine;
  readonly secrets: Secrets;
  /** A client of its controller; the admin's, unless a person of mesh.yaml is named. */
  client(user?: string, patience?: Patience): Client;
}

/** How long a command waits for a controller. */
type Patience = Pick<TransportOptions, 'retryForMs' | 'timeoutMs'>;

/** Long enough for one that is being restarted. */
const PATIENT: Patience = { retryForMs: 15_000 };
/** For what can be told without it. */
export const BRIEF: Patience = { retryForMs: 500, timeoutMs: 2000 };

/** Undefined: no mesh of this project is up. */
export async function findRunningMesh({ stateDir }: Project): Promise<RunningMesh | undefined> {
  const [record, secrets] = await Promise.all([readMeshRecord(stateDir), readSecrets(stateDir)]);
  if (record === undefined || secrets === undefined) return undefined;
  const engine = await makeEngine(record.engine, record.mesh, stateDir, { tied: false });
  return { record, engine, secrets, client: (user, patience) => connect(engine, secrets, user, patience) };
}

/** @throws MeshError environment: no mesh of this project is up */
export async function requireRunningMesh(project: Project): Promise<RunningMesh> {
  const mesh = await findRunningMesh(project);
  if (mesh !== undefined) return mesh;
  throw new MeshError('environment', `The mesh ${project.spec.name} is not up.`, {
    hint: 'Start it with `goose-mesh up`.',
  });
}

/** @throws MeshError environment: nothing of the mesh is there, as after a restart of the machine */
export async function requireServices({ engine, record }: RunningMesh): Promise<readonly ServiceStatus[]> {
  const services = await engine.status();
  if (services.length > 0) return services;
  throw new MeshError(
    'environment',
    `The mesh ${record.mesh} was brought up, but nothing of it runs any more.`,
    {
      hint: '`goose-mesh up` starts it again; `goose-mesh down` removes the rest.',
    },
  );
}

export function connect(
  engine: Engine,
  { clients }: Secrets,
  user: string = ADMIN,
  patience: Patience = PATIENT,
): Client {
  const id = actorOf('user', user);
  const secret = clients[id];
  if (secret === undefined) {
    const known = Object.keys(clients)
      .filter((name) => name.startsWith('user:'))
      .map((name) => name.slice('user:'.length));
    throw new MeshError(
      'usage',
      `There is no user ${JSON.stringify(user)} in this mesh; there are ${known.join(', ')}.`,
      {
        hint: 'Add people under `users` in mesh.yaml and run `goose-mesh up`.',
      },
    );
  }
  return createClient({
    // Asked again whenever a connection is made: a container that was restarted may have another port.
    baseUrl: async () => (await engine.address('controller')) ?? away(),
    credentials: { client_id: id, client_secret: secret },
    ...patience,
  });
}

function away(): never {
  throw new MeshError('unavailable', 'The controller is not running.', {
    hint: '`goose-mesh status` shows what is; `goose-mesh up` starts what is missing.',
  });
}

import Dockerode from 'dockerode';

const docker = new Dockerode();

export const hasDocker = await docker.ping().then(
  () => true,
  () => false,
);

const required = process.env['GOOSE_MESH_REQUIRE_DOCKER'] === '1';
if (required && !hasDocker) throw new Error('GOOSE_MESH_REQUIRE_DOCKER=1, but no Docker engine answers.');
if (!hasDocker) console.warn('No Docker engine answers: end-to-end tests run on the process engine alone.');

/** The engines that this machine can prove. */
export const ENGINES: readonly ('docker' | 'process')[] = hasDocker ? ['docker', 'process'] : ['process'];

/** Everything of ours that Docker holds whose name begins like the mesh. */
export async function listDockerThings(mesh: string): Promise<readonly string[]> {
  if (!hasDocker) return [];
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names.map((name) => name.slice(1))),
    ...networks.map(({ Name }) => Name),
    ...Volumes.map(({ Name }) => Name),
  ].filter((name) => name.startsWith(mesh));
}

/** Ends a container's main process the way a person would: `docker kill`. */
export async function dockerKill(id: string): Promise<void> {
  await docker.getContainer(id).kill();
}

/** Process ids, on this machine, of the Goose processes inside a container. */
export async function listGooseIn(id: string): Promise<readonly number[]> {
  const top = (await docker.getContainer(id).top({ ps_args: '-eo pid,comm' })) as { Processes: string[][] };
  return top.Processes.filter(([, command]) => command === 'goose').map(([pid]) => Number(pid));
}

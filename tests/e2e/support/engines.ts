import { buffer } from 'node:stream/consumers';
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

/** Prints the files, of all that a container sees, in which a text stands. What it may not read it has not written. */
const SEARCH = `
  const { readdirSync, readFileSync } = require('node:fs');
  const tried = (read, otherwise) => { try { return read(); } catch { return otherwise; } };
  const search = (folder) => tried(() => readdirSync(folder || '/', { withFileTypes: true }), []).flatMap((entry) => {
    const path = folder + '/' + entry.name;
    if (['/proc', '/sys', '/dev'].includes(path)) return [];
    if (entry.isDirectory()) return search(path);
    return entry.isFile() && tried(() => readFileSync(path), '').includes(process.argv[1]) ? [path] : [];
  });
  console.log(JSON.stringify(search('')));`;

/** The files of a container, its volumes and its memory included, in which a text stands; seen as its own user. */
export async function findInContainer(id: string, text: string): Promise<readonly string[]> {
  const exec = await docker.getContainer(id).exec({
    Cmd: ['node', '-e', SEARCH, text],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const printed = (await buffer(await exec.start({ Tty: true }))).toString();
  if (!printed.startsWith('[')) throw new Error(printed);
  return JSON.parse(printed) as string[];
}

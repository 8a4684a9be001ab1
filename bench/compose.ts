import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Dockerode from 'dockerode';
import { execa } from 'execa';
import { openFolder } from './support/mesh.ts';
import { median, time } from './support/statistics.ts';

/**
 * docker-compose with the very containers of a mesh: same image, commands, networks, volumes and hardening, taken from a
 * mesh that is up. Undefined where docker-compose is not installed. Ready means the same as for goose-mesh: every part
 * has logged that it is.
 */
export async function measureCompose(rounds: number): Promise<{ up: number; down: number } | undefined> {
  const installed = await execa('docker-compose', ['version'], { reject: false });
  if (installed.exitCode !== 0) return undefined;
  await using folder = await openFolder();
  await folder.run('up', '--engine', 'docker');
  const { mesh } = await folder.json<{ mesh: string }>('status');
  const configs = join(folder.dir, 'configs');
  await cp(join(folder.stateDir, 'meshes', mesh, 'config'), configs, {
    recursive: true,
    preserveTimestamps: true,
  });
  // cp does not keep owners, and the parts run as another user than root.
  await execa('chmod', ['-R', 'a+rX', configs]);
  const { file, count } = await describeMesh(mesh, configs);
  await folder.run('down', '--volumes');
  await writeFile(join(folder.dir, 'docker-compose.json'), JSON.stringify(file));

  const compose = (...args: string[]) =>
    execa('docker-compose', ['-p', 'gmbench', '-f', 'docker-compose.json', ...args], { cwd: folder.dir });
  const ups: number[] = [];
  const downs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ups.push(
      await time(async () => {
        await compose('up', '-d');
        await waitUntilReady(count);
      }),
    );
    downs.push(await time(() => compose('down', '--volumes', '-t', '5')));
  }
  return { up: median(ups), down: median(downs) };
}

async function describeMesh(mesh: string, configs: string) {
  const docker = new Dockerode();
  const containers = await docker.listContainers({ filters: { label: [`goose-mesh.mesh=${mesh}`] } });
  const inspected = await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
  const networks = await docker.listNetworks({ filters: { label: [`goose-mesh.mesh=${mesh}`] } });
  const shortName = (name: string) => name.replace(/^\//, '').slice(mesh.length + 1);
  const services = inspected.map((container) => {
    const name = shortName(container.Name);
    const { HostConfig: host, Config: config } = container;
    const attached = Object.entries(container.NetworkSettings.Networks).map(([network, { Aliases }]) => {
      return [shortName(network), { aliases: (Aliases as string[] | null) ?? [] }] as const;
    });
    const volumes = container.Mounts.filter(({ Type }) => Type === 'volume').map((mount) => {
      return `${shortName(mount.Name ?? '')}:${mount.Destination}`;
    });
    const service = {
      image: config.Image,
      command: config.Cmd,
      user: config.User,
      init: true,
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges'],
      restart: 'always',
      mem_limit: host.Memory,
      pids_limit: host.PidsLimit,
      tmpfs: Object.entries((host.Tmpfs as Record<string, string> | undefined) ?? {}).map(
        ([path, options]) => `${path}:${options}`,
      ),
      volumes: [...volumes, `${configs}/${name}.json:/run/goose-mesh/config.json:ro`],
      networks: Object.fromEntries(attached),
      ...(Object.keys(host.PortBindings as object).length === 0 ? {} : { ports: ['127.0.0.1::8080'] }),
      ...(name === 'database'
        ? { healthcheck: { test: LISTENS, interval: '200ms', timeout: '2s', retries: 50 } }
        : {}),
      ...(name === 'controller' ? { depends_on: { database: { condition: 'service_healthy' } } } : {}),
    };
    return [name, service] as const;
  });
  const file = {
    version: '2.4',
    services: Object.fromEntries(services),
    networks: Object.fromEntries(
      networks.map(({ Name, Internal, Options }): [string, object] => [
        shortName(Name),
        { internal: Internal, driver_opts: (Options as Record<string, string> | null) ?? {} },
      ]),
    ),
    volumes: Object.fromEntries(
      services.flatMap(([, { volumes }]) =>
        volumes.slice(0, -1).map((volume): [string, object] => [volume.split(':')[0] ?? '', {}]),
      ),
    ),
  };
  return { file, count: inspected.length };
}

const LISTENS = [
  'CMD',
  'node',
  '-e',
  'require("net").connect(5432).on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))',
];

async function waitUntilReady(count: number): Promise<void> {
  const docker = new Dockerode();
  const containers = await docker.listContainers({
    all: true,
    filters: { label: ['com.docker.compose.project=gmbench'] },
  });
  if (containers.length !== count)
    throw new Error(`docker-compose started ${containers.length} of ${count} containers`);
  await Promise.all(containers.map(({ Id }) => waitForLog(docker, Id)));
}

async function waitForLog(docker: Dockerode, id: string): Promise<void> {
  const stream = await docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (String(chunk).includes('"msg":"ready"')) return;
  }
  // It ended before it was ready; compose starts it again, and so do we look again.
  return waitForLog(docker, id);
}

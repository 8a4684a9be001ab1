import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Attachment, NetworkPlan, ServicePlan } from '../../plan.ts';
import { nodeOptions } from '../node-options.ts';
import { fullName, LABELS } from './names.ts';
import { HOST } from './site.ts';

/** Where a part finds its configuration. */
const CONFIG = '/run/goose-mesh/config.json';

/** How long a part has to end in order. */
export const STOP_SECONDS = 5;

/**
 * Names that Docker does not know it forwards to the machine's resolvers, in older engines also from closed networks
 * (CVE-2024-29018): a way to carry data out, a name at a time. This sends such questions to the container itself.
 */
const NO_RESOLVER = '127.0.0.1';

const HARDENING = {
  ReadonlyRootfs: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  // Hands signals on and reaps what the shell tools of an agent leave behind.
  Init: true,
} as const satisfies HostConfig;

/** A container before it exists. */
export interface Draft {
  readonly options: ContainerCreateOptions;
  /** Its networks beyond the one that it is created on; older engines take no more than one. */
  readonly connections: readonly Attachment[];
}

export interface DraftInputs {
  readonly mesh: string;
  readonly networks: readonly NetworkPlan[];
  readonly image: string;
  readonly uid: number;
  /** Path of the service's configuration on this machine. */
  readonly config: string;
  readonly spec: string;
}

export function draftContainer(service: ServicePlan, inputs: DraftInputs): Draft {
  const { mesh, uid } = inputs;
  const [first, ...connections] = service.networks;
  const options: ContainerCreateOptions = {
    name: fullName(mesh, service.name),
    Hostname: service.name,
    Image: inputs.image,
    Cmd: ['serve', service.part, '--config', CONFIG],
    Env: [`NODE_OPTIONS=${nodeOptions(service.limits)}`],
    User: `${uid}:${uid}`,
    Labels: {
      [LABELS.mesh]: mesh,
      [LABELS.service]: service.name,
      [LABELS.part]: service.part,
      [LABELS.spec]: inputs.spec,
    },
    StopTimeout: STOP_SECONDS,
    ExposedPorts: service.port === undefined ? {} : { [`${service.port}/tcp`]: {} },
    NetworkingConfig: {
      EndpointsConfig:
        first === undefined ? {} : { [fullName(mesh, first.network)]: { Aliases: [first.alias] } },
    },
    HostConfig: {
      ...HARDENING,
      ...limitsOf(service),
      NetworkMode: first === undefined ? 'none' : fullName(mesh, first.network),
      PortBindings: portBindingsOf(service),
      // A name that cannot be resolved costs one second, not ten.
      DnsOptions: ['timeout:1', 'attempts:1'],
      ...(hasEgress(service, inputs.networks)
        ? { ExtraHosts: [`${HOST}:host-gateway`] }
        : { Dns: [NO_RESOLVER] }),
      Binds: [
        // Z: with SELinux a container reads only what is labelled as its own. Without it, it means nothing.
        `${inputs.config}:${CONFIG}:ro,Z`,
        // z, not Z: every guard reads the same lists.
        ...(service.folders ?? []).map(({ source, path }) => `${source}:${path}:ro,z`),
        ...service.volumes.map(({ volume, path }) => `${fullName(mesh, volume)}:${path}`),
      ],
      Tmpfs: tmpfsOf(service, uid),
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
    },
  };
  return { options, connections };
}

function hasEgress(service: ServicePlan, networks: readonly NetworkPlan[]): boolean {
  const egress = new Set(networks.filter(({ kind }) => kind === 'egress').map(({ name }) => name));
  return service.networks.some(({ network }) => egress.has(network));
}

function limitsOf({ limits }: ServicePlan): HostConfig {
  const bytes = limits.memoryMb * 1024 * 1024;
  // As much swap as memory in total means: no swap, which would take texts to a disk.
  return {
    Memory: bytes,
    MemorySwap: bytes,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
  };
}

function portBindingsOf({ port, publish }: ServicePlan) {
  if (port === undefined || publish === undefined) return {};
  return { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(publish) }] };
}

/** In memory and counted as such, so no more than half of it. */
function tmpfsOf({ tmpfs, limits }: ServicePlan, uid: number): Record<string, string> {
  const common = `rw,nosuid,nodev,noexec,size=${Math.ceil(limits.memoryMb / 2)}m`;
  return {
    '/tmp': `${common},mode=1777`,
    ...Object.fromEntries(tmpfs.map((path) => [path, `${common},mode=0700,uid=${uid},gid=${uid}`])),
  };
}

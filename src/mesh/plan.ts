import type { Part, PartConfig } from '../core/config.ts';

/**
 * What a mesh consists of, as data. `mesh.yaml` becomes a plan; an engine carries it out. A plan is written for
 * one engine's site, so its configurations hold addresses that are right there.
 */
export interface Plan {
  readonly mesh: string;
  readonly services: readonly ServicePlan[];
  readonly networks: readonly NetworkPlan[];
  readonly volumes: readonly string[];
}

export interface ServicePlan {
  /** Unique within the mesh and a valid host name: controller, guard-finance, agent-finance. */
  readonly name: string;
  readonly part: Part;
  /** The whole configuration of the part, secrets included; engines hand it over as a file of mode 0600. */
  readonly config: PartConfig;
  /**
   * Services that are started before this one, so that their names can be found. Until those are ready the part waits
   * by itself, at an `up` as after any crash.
   */
  readonly after: readonly string[];
  readonly networks: readonly Attachment[];
  readonly volumes: readonly Mount[];
  /** Folders of this machine that the service may read. */
  readonly folders?: readonly HostFolder[];
  /** Paths kept in memory: they may hold texts that must never reach a disk. */
  readonly tmpfs: readonly string[];
  /** The port that the part listens on where the engine gives it a network of its own. */
  readonly port: number | undefined;
  /** Whether people on this machine reach it: undefined no, 0 on a port that the engine chooses, else on this one. */
  readonly publish: number | undefined;
  readonly limits: { readonly memoryMb: number; readonly cpus: number; readonly pids: number };
}

export interface Attachment {
  readonly network: string;
  /** Host name of the service on that network. */
  readonly alias: string;
}

export interface Mount {
  readonly volume: string;
  readonly path: string;
}

export interface HostFolder {
  /** On this machine. */
  readonly source: string;
  /** As the service sees it. */
  readonly path: string;
}

export interface NetworkPlan {
  readonly name: string;
  /**
   * `closed`: only its members; neither the internet nor the host.
   * `published`: its members and, through published ports, this machine; no way out.
   * `egress`: its members have a way out.
   */
  readonly kind: 'closed' | 'published' | 'egress';
}

/** Where an engine puts things: what a plan must know before it can be written. */
export interface Site {
  /** Where a service listens, seen from itself. */
  listen(service: string): { readonly host: string; readonly port: number };
  /** The URL of a service, seen from its peers. `alias` is its host name there, if networks have such. */
  url(service: string, alias: string): string;
  /** Directory of a service's own for data that outlives restarts. */
  dataDir(service: string): string;
  /** Where a service sees a folder of this machine; where there is no such function, it sees it as it is. */
  folder?(source: string, name: string): string;
  /** A URL of the world outside the mesh, as services reach it: this machine's loopback may have another name. */
  outside(url: string): string;
}

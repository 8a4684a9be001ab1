import type { Part } from '../core/config.ts';
import type { OnProgress, Progress } from '../core/progress.ts';
import type { Plan, Site } from './plan.ts';

export type { OnProgress, Progress };

export const ENGINE_NAMES = ['docker', 'process'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What carries out plans. One engine object serves one mesh, named when it is made. */
export interface Engine {
  readonly name: EngineName;

  /** Where the services of this mesh are. Asked before the plan is written; the services need not run yet. */
  prepareSite(services: readonly string[]): Promise<Site>;

  /**
   * Makes the mesh be as planned: what runs as planned stays, what differs is replaced, what is missing is
   * started, what is not planned is removed. Resolves when every service is ready. When it fails or is aborted,
   * it removes what it started itself and leaves what ran before.
   */
  up(plan: Plan, options: UpOptions): Promise<void>;

  /** Ends the mesh and removes all of it; its data only with `volumes`. Resolves also if nothing runs. */
  down(options: { readonly volumes: boolean; readonly onProgress?: OnProgress }): Promise<void>;

  /** The services that exist, running or not. Empty when the mesh is not up. */
  status(): Promise<readonly ServiceStatus[]>;

  /** Lines of the services' logs, oldest first; with `follow`, until the signal aborts. */
  logs(options: LogOptions): AsyncIterable<LogLine>;

  /** URL by which this machine reaches a published service; undefined when it does not run. */
  address(service: string): Promise<string | undefined>;

  /** While it is not disposed, starts again whatever dies without having been stopped through this engine. */
  keepAlive(): AsyncDisposable;

  /** Ends a service's process at once, as a crash would (SIGKILL). It is started again like after any crash. */
  kill(service: string): Promise<void>;
}

export interface UpOptions {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface ServiceStatus {
  readonly service: string;
  readonly part: Part;
  readonly state: 'running' | 'starting' | 'stopped';
  readonly startedAt: string | undefined;
  readonly restarts: number;
  /** URL on this machine, if the service is published. */
  readonly address: string | undefined;
  /** How the engine knows it: a container id or a process id. */
  readonly id: string;
}

export interface LogOptions {
  readonly services: readonly string[];
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface LogLine {
  readonly service: string;
  readonly text: string;
}

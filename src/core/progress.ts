/** One step of bringing a mesh up or down, in the order in which a service goes through them. */
export interface Progress {
  readonly service: string;
  readonly state: 'building' | 'waiting' | 'starting' | 'kept' | 'ready' | 'failed' | 'stopping' | 'stopped';
  /** What it waits for, why it failed, or where it listens. */
  readonly detail?: string;
}

export type OnProgress = (progress: Progress) => void;

/** What `service` says while the container image is made, which is no service of the plan. */
export const IMAGE = 'image';

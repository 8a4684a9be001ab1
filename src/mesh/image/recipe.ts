import type Dockerode from 'dockerode';

/** An image that can be built. Its tag says all that it is made from, so an image of that tag need not be built. */
export interface Recipe {
  readonly tag: string;
  /** What it stands on, if that has a tag of its own: not to be removed while this image may be built again. */
  readonly base?: string;
  /** Leaves nothing behind if it fails or is aborted. */
  build(docker: Dockerode, options: BuildOptions): Promise<void>;
}

export interface BuildOptions {
  /** Labels of every image that is made. */
  readonly labels: Readonly<Record<string, string>>;
  readonly onProgress: (detail: string) => void;
  readonly signal: AbortSignal;
}

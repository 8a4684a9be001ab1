import type Dockerode from 'dockerode';
import type { ImageOptions } from '../../image/ensure.ts';

/** One mesh on one Docker engine: what every action of this engine works on. */
export interface Deck {
  readonly docker: Dockerode;
  readonly mesh: string;
  readonly stateDir: string;
  /** How its image is made, if not in the way that fits this machine. */
  readonly image: Pick<ImageOptions, 'build' | 'baseImage'>;
}

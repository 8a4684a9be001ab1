import type Dockerode from 'dockerode';

/** One mesh on one Docker engine: what every action of this engine works on. */
export interface Deck {
  readonly docker: Dockerode;
  readonly mesh: string;
  readonly stateDir: string;
}

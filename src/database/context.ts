import type { Logger } from '../core/log.ts';
import type { Owner } from './owner.ts';
import type { Program } from './program.ts';

/** What a PostgreSQL program is run with and on. */
export interface ClusterContext {
  readonly program: Program;
  readonly owner: Owner;
  /** PostgreSQL's data directory. */
  readonly cluster: string;
  readonly log: Logger;
}

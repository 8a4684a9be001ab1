import type { ControllerConfig } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { CompiledPolicy } from '../core/policy/compile.ts';
import type { Deputies } from '../core/policy/deputies.ts';
import type { Database } from '../store/database.ts';
import type { Keys } from './auth/keys.ts';
import type { EventTail } from './stream/tail.ts';
import type { WorkBell } from './work/bell.ts';

/** What the routes, tools and operations of one controller share. */
export interface Deps {
  readonly config: ControllerConfig;
  readonly db: Database;
  readonly keys: Keys;
  /** The approval policy in force, and who decides for those who are away. */
  readonly policy: CompiledPolicy;
  readonly deputies: Deputies;
  /** Wakes agents that wait for work. */
  readonly bell: WorkBell;
  /** The end of the event log, as it grows. */
  readonly tail: EventTail;
  /** When this controller began to serve, by the clock of its database. */
  upSince(): string;
  readonly log: Logger;
}

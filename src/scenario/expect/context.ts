import type { Client } from '../../client/client.ts';
import type { RehearsalAdmin } from '../rehearsal/admin.ts';
import type { Observer } from './observe.ts';

/** What expectations look at. */
export interface ExpectContext {
  readonly client: Client;
  readonly observer: Observer;
  /** The model's own record of what it was sent; undefined where a real model is used. */
  readonly rehearsal: RehearsalAdmin | undefined;
  readonly rootTaskId: string;
  /** What `{{ }}` stands for; captures are added. */
  readonly values: Record<string, unknown>;
}

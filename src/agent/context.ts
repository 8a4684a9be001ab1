import type { Client } from '../client/client.ts';
import type { AgentConfig } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { Profile } from '../core/profile.ts';
import type { GooseLender } from './goose/lend.ts';
import type { Relay } from './relay/relay.ts';

/** What one agent works with. */
export interface AgentContext {
  readonly config: AgentConfig;
  readonly profile: Profile;
  readonly client: Client;
  readonly relay: Relay;
  readonly goose: GooseLender;
  /** How long the agent waits for a controller that is away before it gives up a step. */
  readonly patienceMs: number;
  readonly log: Logger;
}

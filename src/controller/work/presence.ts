import type { Presence } from '../../store/agents.ts';
import type { Deps } from '../deps.ts';

/**
 * When agents count as gone. While no controller ran none could be seen, so the time counts from its start: after a
 * night's rest of the whole mesh the first agent that comes must not take over from those that come a moment later.
 */
export function presenceOf({ config, upSince }: Pick<Deps, 'config' | 'upSince'>): Presence {
  return {
    known: config.clients.filter(({ kind }) => kind === 'agent').map(({ name }) => name),
    goneSeconds: config.agent_gone_seconds,
    since: upSince(),
  };
}

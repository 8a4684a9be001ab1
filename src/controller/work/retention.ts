import type { RetentionRule } from '../../store/erase/due.ts';
import type { Deps } from '../deps.ts';

const DAY_SECONDS = 86_400;

/** What profiles say of how long the content of their work is kept. */
export function retentionRules({ config }: Pick<Deps, 'config'>): readonly RetentionRule[] {
  return config.profiles.flatMap(({ role, policies: { retention } }) =>
    retention.content_days === undefined
      ? []
      : [
          {
            role,
            contentSeconds: retention.content_days * DAY_SECONDS,
            unreadSeconds: retention.result_days * DAY_SECONDS,
          },
        ],
  );
}

/** Milliseconds before which nothing that ends now is to be erased; undefined if all is kept. */
export function shortestRetentionMs(deps: Pick<Deps, 'config'>): number | undefined {
  const rules = retentionRules(deps);
  return rules.length === 0
    ? undefined
    : Math.min(...rules.map(({ contentSeconds }) => contentSeconds)) * 1000;
}

/** How long the log keeps its events. */
export const eventRetentionSeconds = ({ config }: Pick<Deps, 'config'>): number =>
  config.event_retention_days * DAY_SECONDS;

import { EVERY_ROLE } from '../../core/profile.ts';
import { LIVING_STATES, type SessionState } from '../../core/session.ts';
import type { TimeOuts } from '../../store/due.ts';
import type { Deps } from '../deps.ts';

/**
 * Seconds that a session of a role may stay in a state: as mesh.yaml says for the role, as it says for all roles, as
 * the role's profile says, else the retention time.
 */
export function timeOutSeconds({ config }: Deps, role: string, state: SessionState): number {
  const profile = config.profiles.find((candidate) => candidate.role === role);
  const given: readonly (Partial<Record<string, number | undefined>> | undefined)[] = [
    config.session_timeouts[role],
    config.session_timeouts[EVERY_ROLE],
    profile?.policies.timeouts,
  ];
  const hours = given.map((timeOuts) => timeOuts?.[`${state}_hours`]).find((some) => some !== undefined);
  return hours === undefined ? retentionSeconds(config) : hours * 3600;
}

/** What every role may, for the database, whose clock decides. */
export function timeOutsOf(deps: Deps): TimeOuts {
  const limits = deps.config.profiles.flatMap(({ role }) =>
    LIVING_STATES.map((state) => ({ role, state, seconds: timeOutSeconds(deps, role, state) })),
  );
  return { limits, otherwiseSeconds: retentionSeconds(deps.config) };
}

const retentionSeconds = (config: Deps['config']) => config.session_retention_days * 86_400;

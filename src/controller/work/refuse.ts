import { isMeshError } from '../../core/errors.ts';
import type { EventKind } from '../../core/event.ts';
import type { Principal } from '../../core/identity.ts';
import { insertEvents } from '../../store/events.ts';
import type { Deps } from '../deps.ts';

/**
 * Runs an operation; if the rules refuse it, leaves an event outside its rolled-back transaction and throws on.
 * Attempts to get round the rules are thus in the log, not only in somebody's terminal.
 */
export async function recordRefusal<T>(
  deps: Deps,
  attempt: {
    readonly kind: EventKind;
    readonly by: Principal;
    readonly subject: string;
    readonly owner: string | null;
  },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isMeshError(error) && REFUSALS.has(error.code)) {
      const { kind, by, subject, owner } = attempt;
      const data = { code: error.code, reason: error.message };
      await insertEvents(deps.db, [
        { kind, actor: by.actor, subject, owner, trace_id: by.traceId ?? null, data },
      ]);
    }
    throw error;
  }
}

const REFUSALS = new Set(['forbidden', 'approval_required', 'approval_closed', 'unknown_role']);

import type { Queryable } from '../../store/database.ts';
import type { Erasable } from '../../store/erase/due.ts';
import { eraseNotification } from '../../store/erase/notification.ts';
import { eraseSession } from '../../store/erase/session.ts';
import { eraseRest, eraseTask } from '../../store/erase/task.ts';
import type { Deps } from '../deps.ts';
import { retentionRules } from './retention.ts';

/** Erases content that is due. Each statement looks again, so it does not matter who else erases the same. */
export async function erase(deps: Deps, tx: Queryable, { what, id, role }: Erasable): Promise<void> {
  if (what === 'rest') return eraseRest(tx, id);
  const rule = retentionRules(deps).find((candidate) => candidate.role === role);
  if (rule === undefined) return;
  const { contentSeconds, unreadSeconds } = rule;
  switch (what) {
    case 'task':
      return eraseTask(tx, id, rule);
    case 'session':
      return eraseSession(tx, id, rule);
    case 'notification':
      return eraseNotification(tx, id, Math.max(contentSeconds, unreadSeconds));
  }
}

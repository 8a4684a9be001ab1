import type { Principal } from '../../core/identity.ts';
import { outcomeNeedsApproval } from '../../core/policy/compile.ts';
import type { Session } from '../../core/session.ts';
import type { GivenResult, Task, TaskOutcome } from '../../core/task.ts';
import { gather } from '../../store/gather.ts';
import { transitionSessions } from '../../store/sessions/transition.ts';
import { finishTasks } from '../../store/tasks/finish.ts';
import { type FreeWork, lockFreeTasks } from '../../store/tasks/lock.ts';
import type { Deps } from '../deps.ts';
import { findDemand } from './demand.ts';
import { describeEnd } from './end-task.ts';
import { holdsLease } from './lease.ts';

export type Completion = { readonly outcome: TaskOutcome } & GivenResult;

interface LeasedCompletion {
  readonly by: Principal;
  readonly taskId: string;
  readonly completion: Completion & { readonly lease_id: string };
}

/**
 * Completes tasks whose end touches nothing but themselves and their sessions, together with others of the same moment.
 * Undefined for every other task, and for whatever may be wrong with a completion: nothing has happened to it, and
 * `endTask` says what is to be done, or why it may not be.
 */
export const completeTogether = gather<Deps, LeasedCompletion, Task>({
  keyOf: ({ taskId }) => taskId,
  carryOut: (deps, calls) =>
    deps.db.transaction(async (tx) => {
      const ids = calls.map(({ taskId }) => taskId);
      const works = new Map((await lockFreeTasks(tx, ids)).map((work) => [work.task.id as string, work]));
      const plain = calls.flatMap((call) => {
        const work = works.get(call.taskId);
        return work !== undefined && isPlain(deps, call, work) ? [{ ...work, ...call }] : [];
      });
      if (plain.length === 0) return new Map();
      const ends = await Promise.all(
        plain.map(({ by, completion: { outcome, text, data, attachments }, ...work }) => {
          const result = { text, data, attachments };
          return describeEnd(deps, tx, work, { status: 'completed', outcome, result, actor: by.actor });
        }),
      );
      const begun = plain.filter(({ session }) => session.status === 'pending');
      // Sent together, done one after the other.
      const [finished] = await Promise.all([
        finishTasks(tx, ends),
        begun.length === 0 ? [] : transitionSessions(tx, begun.map(toMove('activate'))),
        transitionSessions(tx, plain.map(toMove('complete'))),
      ]);
      return new Map(finished.map((task) => [task.id as string, task]));
    }),
});

const toMove =
  (event: 'activate' | 'complete') =>
  ({ by, session }: { readonly by: Principal; readonly session: Session }) => {
    return { id: session.id, event, actor: by.actor, reason: null };
  };

/** True for a task of a person that its agent may complete so, with nobody to wake and nothing open that would end with it. */
function isPlain(
  deps: Deps,
  { by, completion }: LeasedCompletion,
  work: FreeWork,
): work is FreeWork & { readonly session: Session } {
  const { task, session } = work;
  const isAlone =
    task.source_session_id === null &&
    task.asked_session_id === null &&
    task.approval_id === null &&
    task.below.length === 0 &&
    !task.has_requests;
  return (
    isAlone &&
    session !== undefined &&
    (session.status === 'pending' || session.status === 'active') &&
    !task.privileged &&
    !session.privileged &&
    holdsLease(task, by, completion.lease_id) &&
    task.result_schema === null &&
    !(outcomeNeedsApproval(completion.outcome) && findDemand(deps, task) !== undefined)
  );
}

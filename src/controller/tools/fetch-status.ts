import { z } from 'zod';
import type { Principal } from '../../core/identity.ts';
import type { Task } from '../../core/task.ts';
import { getApproval } from '../../store/approvals/read.ts';
import { getTask } from '../../store/tasks/read.ts';
import { seesApproval, seesTask } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { notFound } from '../work/not-found.ts';
import { recordRefusal } from '../work/refuse.ts';
import { isCleared } from '../work/veil.ts';
import { defineTool } from './tool.ts';

export const fetchStatus = defineTool({
  name: 'fetch_status',
  description:
    'Look up how a task or an approval request stands. You need not do this while you wait: answers arrive by themselves.',
  input: z.object({ id: z.uuid().describe('A task_id or an approval_id') }),
  run(deps, { by, sessionId }, { id }) {
    const attempt = { kind: 'task.refused', by, subject: `task:${id}` } as const;
    return recordRefusal(deps, attempt, () => readStatus(deps, by, sessionId, id));
  },
});

/** What an agent asks for that is none of its business looks as if it were not there. */
async function readStatus(deps: Deps, by: Principal, sessionId: string, id: string) {
  const task = await getTask(deps.db, id);
  if (task !== undefined && seesTask(by, task)) {
    return {
      task_id: id,
      status: task.status,
      outcome: task.outcome,
      ...(isTold(task, sessionId) || !by.roles.some((role) => isCleared(deps, role))
        ? { result: task.result?.text, failure: task.failure }
        : { note: 'privileged: what it said is told to who asked, in the conversation that asked' }),
      ...(task.erased_at === null ? {} : { erased_at: task.erased_at, note: 'what it said is not kept' }),
    };
  }
  const approval = await getApproval(deps.db, id);
  if (approval === undefined || !seesApproval(deps, by, approval)) throw notFound('task or approval', id);
  const decisions = approval.decisions.map(({ role, decision, comment }) => ({ role, decision, comment }));
  return { approval_id: id, status: approval.status, approvers: approval.required, decisions };
}

/** A conversation is told privileged facts only where they are known as such, so that they can be hidden from others. */
function isTold({ privileged, source_session_id, session_id }: Task, sessionId: string): boolean {
  return !privileged || source_session_id === sessionId || session_id === sessionId;
}

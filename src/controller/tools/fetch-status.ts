import { z } from 'zod';
import type { Principal } from '../../core/identity.ts';
import { getApproval } from '../../store/approvals/read.ts';
import { getTask } from '../../store/tasks/read.ts';
import { seesApproval, seesTask } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { notFound } from '../work/not-found.ts';
import { recordRefusal } from '../work/refuse.ts';
import { defineTool } from './tool.ts';

export const fetchStatus = defineTool({
  name: 'fetch_status',
  description:
    'Look up how a task or an approval request stands. You need not do this while you wait: answers arrive by themselves.',
  input: z.object({ id: z.uuid().describe('A task_id or an approval_id') }),
  run(deps, { by }, { id }) {
    const attempt = { kind: 'task.refused', by, subject: `task:${id}` } as const;
    return recordRefusal(deps, attempt, () => readStatus(deps, by, id));
  },
});

/** What an agent asks for that is none of its business looks as if it were not there. */
async function readStatus(deps: Deps, by: Principal, id: string) {
  const task = await getTask(deps.db, id);
  if (task !== undefined && seesTask(by, task)) {
    return {
      task_id: id,
      status: task.status,
      outcome: task.outcome,
      result: task.result?.text,
      failure: task.failure,
      ...(task.erased_at === null ? {} : { erased_at: task.erased_at, note: 'what it said is not kept' }),
    };
  }
  const approval = await getApproval(deps.db, id);
  if (approval === undefined || !seesApproval(deps, by, approval)) throw notFound('task or approval', id);
  const decisions = approval.decisions.map(({ role, decision, comment }) => ({ role, decision, comment }));
  return { approval_id: id, status: approval.status, approvers: approval.required, decisions };
}

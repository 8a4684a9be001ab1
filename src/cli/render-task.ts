import type { Task, TaskHistory } from '../core/task.ts';
import { truncate } from '../core/text.ts';
import { showAmount, showAttachments, showData, showTime, showTook } from './show.ts';
import { renderFields, renderTable } from './table.ts';

const ERASED = '(erased, as the profile of its target says)';
/** Longer reasons are told whole by `--json`, and the last one by the task itself. */
const MAX_REASON = 100;

/** A task as people read it: what is usual is left out. */
export function renderTask(task: Task): string {
  const { result, source, owner } = task;
  return renderFields({
    id: task.id,
    type: task.type,
    from: owner === source ? source : `${source}, for ${owner}`,
    to: task.target,
    status: statusOf(task),
    outcome: task.outcome,
    amount: showAmount(task.amount, task.currency),
    priority: task.priority,
    privileged: task.privileged ? 'yes' : undefined,
    attempts: `${task.attempts} of ${task.max_attempts}`,
    deadline: showTime(task.deadline),
    parent: task.parent_id,
    'retry of': task.retry_of,
    approval: task.approval_id,
    agent: task.agent,
    session: task.session_id,
    trace: task.trace_id,
    created: showTime(task.created_at),
    ended: showTime(task.finished_at),
    erased: showTime(task.erased_at),
    'kept until': showTime(task.kept_until),
    description: describe(task),
    data: showData(task.data),
    attachments: showAttachments(task.attachments),
    'must give': showData(task.result_schema),
    result: result?.text,
    'result data': showData(result?.data),
    'result files': showAttachments(result?.attachments ?? []),
    failure: task.failure,
  });
}

export function renderTasks(tasks: readonly Task[]): string {
  return renderTable(tasks, [
    { title: 'ID', value: ({ id }) => id },
    { title: 'TYPE', value: ({ type }) => type },
    { title: 'FROM', value: ({ source }) => source },
    { title: 'TO', value: ({ target }) => target },
    { title: 'STATUS', value: statusOf },
    { title: 'AGENT', value: ({ agent }) => agent },
    { title: 'AMOUNT', value: ({ amount, currency }) => showAmount(amount, currency) },
    { title: 'DESCRIPTION', value: (task) => truncate(describe(task), 50) },
  ]);
}

export function renderHistory({ attempts, next_attempt_at, waiting_on }: TaskHistory): string {
  const table = renderTable(attempts, [
    { title: 'ATTEMPT', value: ({ attempt }) => attempt },
    { title: 'AGENT', value: ({ agent }) => agent },
    { title: 'STARTED', value: ({ started_at }) => showTime(started_at) },
    { title: 'TOOK', value: ({ started_at, ended_at }) => showTook(started_at, ended_at) },
    { title: 'END', value: ({ end }) => end },
    { title: 'REASON', value: ({ reason }) => truncate(reason ?? '', MAX_REASON) },
  ]);
  return [
    attempts.length === 0 ? 'No attempt yet.' : table,
    ...(next_attempt_at === null ? [] : [`The next attempt is due at ${showTime(next_attempt_at) ?? '?'}.`]),
    ...(waiting_on.length === 0 ? [] : [`It waits for ${waiting_on.join(', ').replaceAll(':', ' ')}.`]),
  ].join('\n');
}

const statusOf = ({ status, dead_letter }: Task): string => (dead_letter ? `${status}, dead letter` : status);

const describe = ({ description, erased_at }: Task): string => (erased_at === null ? description : ERASED);

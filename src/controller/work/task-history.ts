import type { MeshEvent } from '../../core/event.ts';
import type { Task, TaskAttempt, TaskHistory } from '../../core/task.ts';
import { readEvents } from '../../store/events.ts';
import { readQuestions } from '../../store/questions.ts';
import { readNextAttempt } from '../../store/tasks/read.ts';
import type { Deps } from '../deps.ts';

const KINDS = ['task.claimed', 'task.released', 'task.completed', 'task.failed', 'task.cancelled'] as const;
/** More than 20 attempts with their waits have. */
const MOST_EVENTS = 1000;

/** Why a task is where it is: its attempts as the log tells of them, and what it waits for. */
export async function readTaskHistory({ db }: Deps, task: Task): Promise<TaskHistory> {
  const events = await readEvents(db, {
    after: 0,
    upTo: Number.MAX_SAFE_INTEGER,
    limit: MOST_EVENTS,
    subject: `task:${task.id}`,
    kinds: KINDS,
  });
  const waits = task.finished_at === null && task.session_id !== null;
  return {
    attempts: toAttempts(events),
    next_attempt_at: (await readNextAttempt(db, task.id)) ?? null,
    waiting_on: waits ? [...(await readQuestions(db, task.session_id ?? '')).open] : [],
  };
}

/** An attempt is claimed anew after each of its waits; what ends the task ends the attempt that is under way. */
function toAttempts(events: readonly MeshEvent[]): TaskAttempt[] {
  const attempts = new Map<number, TaskAttempt>();
  for (const { kind, actor, at, data } of events) {
    const number = Number(data['attempt'] ?? 0);
    const attempt = attempts.get(number);
    if (kind === 'task.claimed') {
      const agent = actor.replace(/^agent:/, '');
      const started = { attempt: number, agent, started_at: at, ended_at: null, end: null, reason: null };
      attempts.set(number, attempt ?? started);
    } else if (attempt !== undefined && attempt.ended_at === null) {
      const reason = typeof data['reason'] === 'string' ? data['reason'] : null;
      attempts.set(number, { ...attempt, ended_at: at, end: endOf(kind), reason });
    }
  }
  return [...attempts.values()];
}

function endOf(kind: MeshEvent['kind']): TaskAttempt['end'] {
  const ends = ['released', 'completed', 'failed', 'cancelled'] as const;
  return ends.find((end) => kind === `task.${end}`) ?? null;
}

import { z } from 'zod';
import { truncate } from '../../core/text.ts';
import { PRIVILEGED } from '../../detect/privileged/hide.ts';
import { listNotifications } from '../../store/notifications.ts';
import { getSession } from '../../store/sessions/read.ts';
import { listInbox as listOpenTasks } from '../../store/tasks/read.ts';
import { isCleared } from '../work/veil.ts';
import { defineTool } from './tool.ts';

const DEFAULT_LIMIT = 20;
const EXCERPT = 300;

export const listInbox = defineTool({
  name: 'list_inbox',
  description:
    'Show the open tasks of your role and the latest notifications to it. Tasks are brought to you one by one without this.',
  input: z.object({
    limit: z.number().int().min(1).max(100).optional().describe('How many of each; default 20'),
    after_tasks: z.string().optional().describe('To see more tasks: `more_tasks` of the answer before'),
    after_notifications: z
      .string()
      .optional()
      .describe('To see older notifications: `more_notifications` of the answer before'),
  }),
  /** What is privileged is read only where its facts are known, so that they can be hidden from others. */
  async run(deps, { by, sessionId }, { limit = DEFAULT_LIMIT, after_tasks, after_notifications }) {
    const [role = ''] = by.roles;
    const [session, tasks, notifications] = await Promise.all([
      getSession(deps.db, sessionId),
      listOpenTasks(deps.db, role, { limit, cursor: after_tasks }),
      listNotifications(deps.db, role, { limit, cursor: after_notifications }),
    ]);
    // Others were given it without facts.
    const isVeiled = !isCleared(deps, role);
    return {
      tasks: tasks.items.map((task) => {
        const { id, type, source, status } = task;
        const isOpen = !task.privileged || isVeiled || task.session_id === sessionId;
        const description = isOpen ? truncate(task.description, EXCERPT) : PRIVILEGED;
        return { task_id: id, type, from: source, status, description };
      }),
      ...(tasks.next === null ? {} : { more_tasks: tasks.next }),
      notifications: notifications.items.map(({ source, text, privileged, trace_id, created_at }) => {
        const isOpen =
          !privileged || isVeiled || (session?.privileged === true && session.trace_id === trace_id);
        return { from: source, text: isOpen ? text : PRIVILEGED, at: created_at };
      }),
      ...(notifications.next === null ? {} : { more_notifications: notifications.next }),
    };
  },
});

import { z } from 'zod';
import { truncate } from '../../core/text.ts';
import { listNotifications } from '../../store/notifications.ts';
import { listInbox as listOpenTasks } from '../../store/tasks/read.ts';
import { defineTool } from './tool.ts';

const DEFAULT_LIMIT = 20;
const EXCERPT = 300;

export const listInbox = defineTool({
  name: 'list_inbox',
  description:
    'Show the open tasks of your role and the latest notifications to it. Tasks are brought to you one by one without this.',
  input: z.object({
    limit: z.number().int().min(1).max(100).optional().describe('How many of each; default 20'),
  }),
  async run(deps, { by }, { limit = DEFAULT_LIMIT }) {
    const [role = ''] = by.roles;
    const [tasks, notifications] = await Promise.all([
      listOpenTasks(deps.db, role, limit),
      listNotifications(deps.db, role, limit),
    ]);
    return {
      tasks: tasks.map(({ id, type, source, status, description }) => {
        return { task_id: id, type, from: source, status, description: truncate(description, EXCERPT) };
      }),
      notifications: notifications.map(({ source, text, created_at }) => ({
        from: source,
        text,
        at: created_at,
      })),
    };
  },
});

import { z } from 'zod';
import { sendNotification } from '../work/notify.ts';
import { defineTool } from './tool.ts';

export const notify = defineTool({
  name: 'notify',
  description: 'Tell another role something that needs no answer. It does not interrupt your work.',
  input: z.object({
    role: z.string().describe('Who shall know it: a role, `my manager` or `owner of <thing>`'),
    text: z.string().min(1).max(20_000).describe('What they shall know'),
  }),
  async run(deps, { by }, { role, text }) {
    const to = await sendNotification(deps, { by, target: role, text });
    return { status: 'sent', to };
  },
});

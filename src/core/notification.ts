import { z } from 'zod';
import { Timestamp } from './json.ts';

export const Notification = z.object({
  id: z.uuid(),
  source: z.string(),
  target: z.string(),
  text: z.string(),
  task_id: z.uuid().nullable(),
  privileged: z.boolean().describe('Whether the work from which it was sent is privileged'),
  trace_id: z.string(),
  created_at: Timestamp,
});
export type Notification = z.infer<typeof Notification>;

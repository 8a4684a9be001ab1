import { z } from 'zod';
import { Timestamp } from './json.ts';

/** What an agent reports of itself. */
const REPORTED_STATES = ['ready', 'refused', 'stopped'] as const;
/** An agent that is gone is not waited for: others of its role take over its sessions. */
export const AGENT_STATES = [...REPORTED_STATES, 'gone'] as const;

export const Agent = z.object({
  name: z.string(),
  role: z.string(),
  status: z.enum(AGENT_STATES),
  reason: z.string().nullable(),
  instance: z.uuid().describe('Changes with every start of the agent'),
  goose_version: z.string().nullable(),
  started_at: Timestamp,
  last_seen_at: Timestamp,
});
export type Agent = z.infer<typeof Agent>;

export const RegisterAgent = z.strictObject({
  instance: z.uuid(),
  status: z.enum(REPORTED_STATES),
  reason: z.string().max(2000).optional(),
  goose_version: z.string().max(100).optional(),
});
export type RegisterAgent = z.infer<typeof RegisterAgent>;

/** One line of what Goose did in a session. The id makes a repeated report harmless. */
export const ActivityEntry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('said'), id: z.uuid(), text: z.string().max(100_000) }),
  z.strictObject({
    kind: z.literal('tool_called'),
    id: z.uuid(),
    call_id: z.string().max(200),
    tool: z.string().max(200),
    arguments: z.unknown(),
  }),
  z.strictObject({
    kind: z.literal('tool_answered'),
    id: z.uuid(),
    call_id: z.string().max(200),
    ok: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('interrupted'), id: z.uuid(), reason: z.string().max(2000) }),
]);
export type ActivityEntry = z.infer<typeof ActivityEntry>;

export const ActivityReport = z.strictObject({ entries: z.array(ActivityEntry).min(1).max(500) });

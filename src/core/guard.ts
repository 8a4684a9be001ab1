import { z } from 'zod';
import { Name } from './identity.ts';
import { Timestamp } from './json.ts';
import { DATA_KINDS } from './kinds.ts';
import { PageQuery } from './page.ts';
import { PrivacyMode } from './privacy.ts';

const Counts = z.partialRecord(z.enum(DATA_KINDS), z.int().nonnegative());

/** What a guard tells about one call to a model: kinds and counts, never content. */
export const GuardCall = z.strictObject({
  id: z.uuid(),
  agent: z.string(),
  session_id: z.uuid().nullable(),
  shape: z.string().max(64),
  model: z.string().max(200),
  mode: PrivacyMode.describe('How the guard treated it'),
  streamed: z.boolean(),
  status: z.int().describe('The HTTP status that the agent got'),
  refused: z.string().max(200).nullable().describe('Why the guard refused the call; null if it did not'),
  masked: Counts.describe('Values masked in the request, by kind'),
  restored: Counts.describe('Placeholders restored in the answer, by kind'),
  contained: Counts.describe('Values that only the model produced, and that were hidden, by kind'),
  tokens_in: z.int().nullable(),
  tokens_out: z.int().nullable(),
  overhead_ms: z.number().describe('Time spent on masking the request'),
  first_token_ms: z
    .number()
    .nullable()
    .describe('Time until the first piece of the answer went to the agent'),
  duration_ms: z.number(),
});
export type GuardCall = z.infer<typeof GuardCall>;

export const GuardReport = z.strictObject({ calls: z.array(GuardCall).min(1).max(500) });

/** A call that a guard is about to send, where its role has a budget. */
export const CallPermit = GuardCall.pick({
  id: true,
  session_id: true,
  shape: true,
  model: true,
  mode: true,
  streamed: true,
});
export type CallPermit = z.infer<typeof CallPermit>;

/** The row of a call as the controller keeps it. */
export const AuditedCall = z.object({
  ...GuardCall.shape,
  at: Timestamp.describe('When it began'),
  role: z.string(),
  task_id: z.uuid().nullable(),
  status: z.int().nullable().describe('null: it goes on, or its guard was killed in the middle of it'),
  cost: z.number().nullable().describe('US dollars; null where the price table does not know the model'),
  duration_ms: z.number().nullable(),
});
export type AuditedCall = z.infer<typeof AuditedCall>;

export const CallQuery = PageQuery.extend({
  agent: Name.optional(),
  session: z.uuid().optional(),
  task: z.uuid().optional(),
  since: Timestamp.optional().describe('Inclusive'),
});
export type CallQuery = z.infer<typeof CallQuery>;

import { z } from 'zod';

const Counts = z.record(z.string(), z.int().nonnegative());

/** What a guard tells about one call to a model: kinds and counts, never content. */
export const GuardCall = z.strictObject({
  id: z.uuid(),
  agent: z.string(),
  session_id: z.uuid().nullable(),
  shape: z.string().max(64),
  model: z.string().max(200),
  streamed: z.boolean(),
  status: z.int().describe('The HTTP status that the agent got'),
  refused: z.string().max(200).nullable().describe('Why the guard refused the call; null if it did not'),
  masked: Counts.describe('Values masked in the request, by kind'),
  restored: Counts.describe('Placeholders restored in the answer, by kind'),
  tokens_in: z.int().nullable(),
  tokens_out: z.int().nullable(),
  overhead_ms: z.number().describe('Time spent on masking the request'),
  duration_ms: z.number(),
});
export type GuardCall = z.infer<typeof GuardCall>;

export const GuardReport = z.strictObject({ calls: z.array(GuardCall).min(1).max(500) });

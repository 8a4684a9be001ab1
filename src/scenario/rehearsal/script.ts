import { z } from 'zod';
import { Name } from '../../core/identity.ts';
import { JsonObject } from '../../core/json.ts';
import { TakingPattern } from '../pattern.ts';

const Texts = z
  .union([z.string(), z.array(z.string())])
  .transform((texts) => (typeof texts === 'string' ? [texts] : texts));

/** One thing that the scripted model says or does, and when. */
const Line = z
  .strictObject({
    when: z
      .strictObject({
        told: Texts.default([]).describe('Texts that stand in messages to the agent so far'),
        after: Texts.default([]).describe('Tools whose results are there'),
        results: z
          .record(z.string(), z.json())
          .default({})
          .describe('Values in results: request_approval.status: requested'),
      })
      .prefault({}),
    take: z
      .record(Name, TakingPattern)
      .default({})
      .describe('Values out of messages: a regular expression with one group'),
    pause_ms: z.int().min(0).max(600_000).default(0),
    say: z.string().optional(),
    call: z.strictObject({ tool: z.string(), with: JsonObject.default({}) }).optional(),
  })
  .refine(({ say, call }) => say !== undefined || call !== undefined, 'a line needs say or call');
export type Line = z.infer<typeof Line>;

/** The lines of each role, in their order. */
export const RehearsalScript = z.record(Name, z.array(Line));
export type RehearsalScript = z.infer<typeof RehearsalScript>;

import { z } from 'zod';
import { Timestamp } from './json.ts';
import { DATA_KINDS } from './kinds.ts';

/** How a guard treats the calls of a role: mask; mask and refuse what cannot be read; pass everything as it is. */
export const PRIVACY_MODES = ['auto', 'strict', 'bypass'] as const;
export const PrivacyMode = z.enum(PRIVACY_MODES);
export type PrivacyMode = z.infer<typeof PrivacyMode>;

const Kind = z.enum(DATA_KINDS);

/** What the profile of a role says about its calls to models. */
export const PrivacyPolicy = z.strictObject({
  mode: PrivacyMode.default('auto'),
  may_override: z
    .array(PrivacyMode)
    .default(['auto', 'strict'])
    .describe('Modes that an admin may switch to while the mesh is up'),
  kinds: z
    .array(Kind)
    .min(1)
    .optional()
    .describe('Kinds that are masked; default: the usual ones, see docs/guard.md'),
  media: z
    .enum(['refuse', 'pass'])
    .default('refuse')
    .describe('Images, audio and documents, which the guard cannot read; `strict` refuses them always'),
  output: z
    .enum(['mask', 'allow', 'refuse'])
    .default('mask')
    .describe('Personal data in an answer that the request did not hold'),
  egress: z
    .record(z.string().min(1).max(128), z.union([z.literal('*'), z.array(Kind)]))
    .optional()
    .describe(
      'By name of a tool, in which * is any text: kinds whose values it gets, or *; default: all get all',
    ),
  thresholds: z
    .partialRecord(Kind, z.number().min(0).max(1))
    .optional()
    .describe('By kind: how sure a detector must be'),
});
export type PrivacyPolicy = z.infer<typeof PrivacyPolicy>;

/** The mode of a role, and where it comes from. */
export const RoleMode = z.object({
  role: z.string(),
  mode: PrivacyMode.describe('In force'),
  profile_mode: PrivacyMode.describe('What the profile says'),
  may_override: z.array(PrivacyMode),
  set_by: z.string().nullable().describe('Who switched it; null: nobody, or the profile allows it no more'),
  set_at: Timestamp.nullable(),
});
export type RoleMode = z.infer<typeof RoleMode>;

export const SetMode = z.strictObject({
  mode: PrivacyMode.nullable().describe('null: what the profile says'),
});
export type SetMode = z.infer<typeof SetMode>;

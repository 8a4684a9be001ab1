import { z } from 'zod';
import { Name } from './identity.ts';

/**
 * The approval policy, as `policies/*.yaml` writes it: what needs whose approval. How it is read stands in
 * `policy/`; what it comes to for one request is the list of steps in `approval.ts`.
 */

export const DECIDERS = ['any', 'human', 'agent'] as const;

/** Everybody who may decide in one place: a role, or the manager of somebody. */
const RoleEntry = z.strictObject({
  role: Name,
  who: z.enum(DECIDERS).default('any').describe('Whether a person must decide, an agent, or either'),
});
const ManagerEntry = z.strictObject({
  'manager-of': z
    .enum(['requester', 'owner'])
    .describe('By the org chart: of who sent the task, or of the one on whose behalf it happens'),
});
const PlaceEntry = z.union([Name, RoleEntry, ManagerEntry]);
export type PlaceEntry = z.infer<typeof PlaceEntry>;

const AnyEntry = z.strictObject({
  any: z.int().positive().describe('How many of them must agree'),
  of: z.array(PlaceEntry).min(1),
});
const ApproverEntry = z.union([Name, RoleEntry, ManagerEntry, AnyEntry]);
export type ApproverEntry = z.infer<typeof ApproverEntry>;

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
export type Scalar = z.infer<typeof Scalar>;

/** What a field must be. All that is said must hold. */
const Comparison = z
  .strictObject({
    equals: Scalar.optional(),
    one_of: z.array(Scalar).min(1).optional(),
    over: z.number().optional(),
    under: z.number().optional(),
    present: z.boolean().optional(),
  })
  .refine((comparison) => Object.values(comparison).some((value) => value !== undefined), {
    error: 'expected at least one of equals, one_of, over, under, present',
  });
export type Comparison = z.infer<typeof Comparison>;

/** Fields of a task that a rule may ask for. */
const FIELD = /^(priority|source|owner|target|data(\.[^.]+)+)$/;

const Conditions = z.record(z.string(), z.union([Scalar, Comparison])).superRefine((fields, context) => {
  for (const field of Object.keys(fields)) {
    if (!FIELD.test(field))
      context.addIssue({
        code: 'custom',
        path: [field],
        message: `there is no field ${JSON.stringify(field)} to ask for; there are priority, source, owner, target and data.<name>`,
      });
  }
});

const Hours = z.number().positive().max(87_600);

/** One line of the approval policy. */
export const ApprovalRule = z.strictObject({
  id: Name,
  types: z.array(z.string()).min(1).default(['*']).describe('Task types; * stands for all'),
  over: z
    .number()
    .nonnegative()
    .optional()
    .describe('Applies to amounts greater than this; without it, whatever the amount'),
  where: Conditions.default({}).describe('Fields of the task, and what they must be'),
  approvers: z.array(ApproverEntry).min(1).describe('Who must agree: all of them'),
  order: z
    .enum(['together', 'sequence'])
    .default('together')
    .describe('Whether all are asked at once, or each after the one before has approved'),
  deadline_hours: Hours.optional().describe('How long each approver has until escalate_to may decide too'),
  escalate_to: z
    .array(PlaceEntry)
    .min(1)
    .optional()
    .describe('Who may decide in place of who did not in time'),
  valid_for_hours: Hours.optional().describe('How long a request waits, and a receipt holds'),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

export const ApprovalPolicy = z.strictObject({
  version: z.int().positive().describe('Counts up with every change: one version never says two things'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected three capital letters (ISO 4217)'),
  valid_for_hours: Hours.default(168).describe('How long a request waits, and a receipt holds'),
  deputies: z
    .record(Name, Name)
    .default({})
    .describe('Who decides for a person who is away, where the org chart names nobody'),
  rules: z.array(ApprovalRule),
});
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;

/** One file of `policies/`. Only one of them need say what counts for all. */
export const PolicyFile = z.strictObject({
  ...ApprovalPolicy.shape,
  version: ApprovalPolicy.shape.version.optional(),
  currency: ApprovalPolicy.shape.currency.optional(),
  valid_for_hours: Hours.optional(),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

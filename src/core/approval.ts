import { z } from 'zod';
import { Timestamp } from './json.ts';
import { DECIDERS } from './policy.ts';
import { SessionId } from './session.ts';
import { TaskId } from './task.ts';

export const APPROVAL_STATES = ['pending', 'approved', 'rejected', 'expired', 'withdrawn'] as const;

export const APPROVAL_DECISIONS = ['approve', 'reject'] as const;
export type ApprovalDecision = (typeof APPROVAL_DECISIONS)[number];

export const ApprovalId = z.uuid().brand<'ApprovalId'>();
export type ApprovalId = z.infer<typeof ApprovalId>;

/** A place in which one decision can be made. Numbered throughout an approval. */
export const ApprovalSeat = z.object({
  seat: z.int(),
  role: z.string().nullable().describe('Everybody of this role may take it'),
  person: z.string().nullable().describe('The one actor who may take it'),
  who: z.enum(DECIDERS).describe('Whether a person must decide, an agent, or either'),
});
export type ApprovalSeat = z.infer<typeof ApprovalSeat>;

/** One thing that must be agreed to. All the steps of an approval must be. */
export const ApprovalStep = z.object({
  rule: z.string().describe('The rule of the policy that demands it'),
  label: z.string(),
  stage: z.int().describe('Steps of the lowest stage are decided first, then those of the next'),
  need: z.int().positive().describe('How many of the seats must approve'),
  seats: z.array(ApprovalSeat),
  deadline_hours: z.number().nullable().describe('Counted from when the stage began'),
  escalate_to: z.array(ApprovalSeat).describe('Seats beside the others once the deadline has passed'),
});
export type ApprovalStep = z.infer<typeof ApprovalStep>;

export const Approval = z.object({
  id: ApprovalId,
  task_id: TaskId,
  session_id: SessionId.nullable().describe('The session that asked'),
  requester: z.string(),
  requester_role: z.string(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  reason: z.string(),
  policy: z.string().describe('Version and rule of the policy that named the approvers'),
  policy_digest: z.string().describe('SHA-256 of that policy, by which it can be read'),
  required: z.array(z.string()).describe('Who must decide; the role of the requester consents by asking'),
  steps: z.array(ApprovalStep),
  stage: z.int().describe('The stage whose steps may be decided now'),
  escalated: z.array(z.int()).describe('Steps whose deadline has passed, by their index'),
  due_at: Timestamp.nullable().describe('When the next step escalates'),
  privileged: z.boolean().describe('Whether its task is privileged'),
  status: z.enum(APPROVAL_STATES),
  decisions: z.array(
    z.object({
      seat: z.int(),
      role: z.string().describe('The role in which it was decided, or whose manager decided'),
      actor: z.string(),
      on_behalf_of: z.string().nullable().describe('Who is away and for whom the actor stood in'),
      decision: z.enum(APPROVAL_DECISIONS),
      comment: z.string(),
      at: Timestamp,
    }),
  ),
  receipt: z
    .string()
    .nullable()
    .describe('Compact JWS (EdDSA) over task, amount, decision, approvers, expiry'),
  trace_id: z.string(),
  created_at: Timestamp,
  expires_at: Timestamp,
  decided_at: Timestamp.nullable(),
  closed_reason: z.string().nullable().describe('Why it ended without a decision'),
  used_at: Timestamp.nullable(),
  erased_at: Timestamp.nullable().describe('When its texts were erased, with the content of its task'),
});
export type Approval = z.infer<typeof Approval>;

export const NewApproval = z.strictObject({
  task_id: z.uuid(),
  reason: z.string().min(1).max(20_000),
  amount: z.number().nonnegative().optional().describe('Checked against the task; it cannot change it'),
});
export type NewApproval = z.infer<typeof NewApproval>;

export const DecideApproval = z.strictObject({
  decision: z.enum(APPROVAL_DECISIONS),
  comment: z.string().min(1).max(20_000),
  role: z.string().optional().describe('The role in which a person decides; an agent has just one'),
});
export type DecideApproval = z.infer<typeof DecideApproval>;

/** What a receipt states, in the words of its JWS payload. Times are seconds since 1970 (RFC 7519). */
export const ReceiptClaims = z.object({
  iss: z.string(),
  jti: ApprovalId.describe('The approval'),
  sub: TaskId.describe('The task'),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  decision: z.literal('approved'),
  approvers: z.array(z.object({ role: z.string(), actor: z.string(), on_behalf_of: z.string().optional() })),
  policy: z.string().describe('Version and rule of the policy that named them'),
  iat: z.int(),
  exp: z.int(),
});
export type ReceiptClaims = z.infer<typeof ReceiptClaims>;

export const RECEIPT_TYPE = 'approval-receipt+jwt';

import { z } from 'zod';
import { Timestamp } from './json.ts';
import { SessionId } from './session.ts';
import { TaskId } from './task.ts';

export const APPROVAL_STATES = ['pending', 'approved', 'rejected', 'expired', 'withdrawn'] as const;

export const APPROVAL_DECISIONS = ['approve', 'reject'] as const;
export type ApprovalDecision = (typeof APPROVAL_DECISIONS)[number];

export const ApprovalId = z.uuid().brand<'ApprovalId'>();
export type ApprovalId = z.infer<typeof ApprovalId>;

export const Approval = z.object({
  id: ApprovalId,
  task_id: TaskId,
  session_id: SessionId.nullable().describe('The session that asked'),
  requester: z.string(),
  requester_role: z.string(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  reason: z.string(),
  policy: z.string().describe('The rule that named the approvers'),
  required: z.array(z.string()).describe('Roles that must decide; the requester consents by asking'),
  status: z.enum(APPROVAL_STATES),
  decisions: z.array(
    z.object({
      role: z.string(),
      actor: z.string(),
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
  approvers: z.array(z.object({ role: z.string(), actor: z.string() })),
  iat: z.int(),
  exp: z.int(),
});
export type ReceiptClaims = z.infer<typeof ReceiptClaims>;

export const RECEIPT_TYPE = 'approval-receipt+jwt';

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, Timestamp } from '../json.ts';
import { ApprovalPolicy } from '../policy.ts';

/** A policy as the log knows it. */
export const PolicyVersion = z.object({
  version: z.int(),
  digest: z.string().describe('SHA-256 of the policy in its canonical form'),
  policy: ApprovalPolicy,
  recorded_at: Timestamp,
});
export type PolicyVersion = z.infer<typeof PolicyVersion>;

export function digestOf(policy: ApprovalPolicy): string {
  return createHash('sha256').update(canonicalJson(policy)).digest('hex');
}

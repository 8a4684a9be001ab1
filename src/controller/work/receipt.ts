import { SignJWT } from 'jose';
import { type Approval, RECEIPT_TYPE, type ReceiptClaims } from '../../core/approval.ts';
import { issuerOf } from '../../core/identity.ts';
import { ALGORITHM } from '../auth/keys.ts';
import type { Deps } from '../deps.ts';

/**
 * Signs what was approved: task, amount, approvers, expiry. A compact JWS (RFC 7515) with EdDSA, whose `typ` keeps
 * it from ever being taken for an access token.
 */
export function signReceipt({ config, keys }: Deps, approval: Approval): Promise<string> {
  const claims = {
    amount: approval.amount,
    currency: approval.currency,
    decision: 'approved',
    approvers: approval.decisions
      .filter(({ decision }) => decision === 'approve')
      .map(({ role, actor, on_behalf_of }) => ({
        role,
        actor,
        ...(on_behalf_of === null ? {} : { on_behalf_of }),
      })),
    policy: approval.policy,
  } satisfies Partial<ReceiptClaims>;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: keys.kid, typ: RECEIPT_TYPE })
    .setIssuer(issuerOf(config.mesh))
    .setJti(approval.id)
    .setSubject(approval.task_id)
    .setIssuedAt()
    .setExpirationTime(new Date(approval.expires_at))
    .sign(keys.privateKey);
}

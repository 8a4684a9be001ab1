import type { Principal } from '../core/identity.ts';
import type { PrivacyMode, PrivacyPolicy } from '../core/privacy.ts';

/** How the guard treats the calls of one caller: what the profile says, in the mode that is in force now. */
export type Privacy = Pick<PrivacyPolicy, 'mode' | 'media'> & Partial<Omit<PrivacyPolicy, 'may_override'>>;

export const DEFAULT_PRIVACY: Privacy = { mode: 'auto', media: 'refuse' };

/** The privacy of a caller, asked for anew with each call. */
export type PrivacyOf = (caller: Principal) => Privacy;

/** What passes as it is on its way out passes so on its way back. */
export function inMode({ may_override: _, ...policy }: PrivacyPolicy, mode: PrivacyMode): Privacy {
  return mode === 'bypass' ? { ...policy, mode, output: 'allow' } : { ...policy, mode };
}

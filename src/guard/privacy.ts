import type { Principal } from '../core/identity.ts';

/** How the guard treats the calls of one caller. */
export interface Privacy {
  /**
   * `auto` masks what it finds. `strict` also refuses whatever it cannot read, whatever `media` says. `bypass` sends
   * every call out as it is.
   */
  readonly mode: 'auto' | 'strict' | 'bypass';
  /** What happens in mode `auto` to images, audio and documents, which the guard cannot read. */
  readonly media: 'refuse' | 'pass';
}

export const DEFAULT_PRIVACY: Privacy = { mode: 'auto', media: 'refuse' };

/** The privacy of a caller, asked for anew with each call. */
export type PrivacyOf = (caller: Principal) => Privacy;

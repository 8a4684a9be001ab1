import type { Finding, Reading } from './span.ts';

/** Longest local part and domain that mail transports take, in characters (RFC 5321, 4.5.3.1). */
const LOCAL_MAX = 64;
const DOMAIN_MAX = 255;

/**
 * Finds e-mail addresses by going outwards from each at sign, which is `%40` in a URL. Addresses in other scripts
 * count (RFC 6531).
 */
export function findEmails({ text }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index: at, 0: sign } of text.matchAll(AT)) {
    const local = LOCAL.exec(text.slice(Math.max(0, at - LOCAL_MAX), at))?.[0];
    const domain = DOMAIN.exec(text.slice(at + sign.length, at + sign.length + DOMAIN_MAX))?.[0];
    if (local === undefined || domain === undefined) continue;
    found.push({ start: at - local.length, end: at + sign.length + domain.length, confidence: 0.95 });
  }
  return found;
}

const AT = /@|%40/g;
// Of the signs that RFC 5322 allows, only those that people's addresses have: `to=jane@…` is not an address.
const LOCAL = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}._%+'-]*$/u;
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?';
const TOP_LEVEL = '(?:xn--[a-z0-9-]{2,59}|\\p{L}[\\p{L}\\p{M}]{1,62})(?![\\p{L}\\p{N}])';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.){1,8}${TOP_LEVEL}`, 'iu');

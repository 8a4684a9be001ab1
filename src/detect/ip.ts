import { isIPv6 } from 'node:net';
import type { Finding, Reading } from './span.ts';

/** Finds IP addresses of both versions. A port, a prefix length and brackets stay outside. */
export function findIps({ text }: Reading): readonly Finding[] {
  return [...findV4(text), ...findV6(text)];
}

function* findV4(text: string): Generator<Finding> {
  for (const { index, 0: address } of text.matchAll(V4)) {
    if (!VERSION_BEFORE.test(text.slice(Math.max(0, index - 16), index))) {
      yield { start: index, end: index + address.length, confidence: 0.9 };
    }
  }
}

function* findV6(text: string): Generator<Finding> {
  if (!V6_SIGN.test(text)) return;
  for (const { index, 0: run } of text.matchAll(V6_RUN)) {
    // A full stop or colon after an address belongs to the sentence.
    const address = run.replace(/\.+$|(?<!:):$/, '');
    if (isIPv6(address)) {
      yield { start: index, end: index + address.length, confidence: isLikelyCode(address) ? 0.1 : 0.95 };
    }
  }
}

/** `a[1::2]`, `std::add` and a lone `::` are all valid addresses by their form. */
function isLikelyCode(address: string): boolean {
  if (address === '::1' || address.includes('.')) return false;
  return !/[\da-f]{3}/i.test(address) || !/\d/.test(address);
}

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const V4 = new RegExp(String.raw`(?<![\p{L}\p{N}]|\d\.)${OCTET}(?:\.${OCTET}){3}(?![\p{L}\p{N}]|\.\d)`, 'gu');
const VERSION_BEFORE = /(?<!\p{L})(?:version|ver|release|section|chapter|§)[\s.:="'-]*$/iu;

/** Two colons with no more than four digits between them: every address has them. */
const V6_SIGN = /:[\da-f]{0,4}:/i;

// Longer than any address, so that a fingerprint of sixteen pairs is read whole and then refused. A colon before it
// belongs to a name (`ip:2001:db8::1`) that holds a letter which no address has.
const V6_RUN =
  /(?:(?<![\p{L}\p{N}:.])|(?<=[g-z_]\w{0,30}:))(?=[\da-f]{0,4}:)[\da-f:.]{2,60}(?:%[a-z\d]{1,15})?(?![\p{L}\p{N}])/giu;

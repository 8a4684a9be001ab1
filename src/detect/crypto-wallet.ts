import { createHash } from 'node:crypto';
import type { Finding, Reading } from './span.ts';

/** Finds Bitcoin addresses with a valid checksum (Base58Check, Bech32 and Bech32m), and Ethereum's by their form. */
export function findCryptoWallets({ text }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: address } of text.matchAll(CANDIDATE)) {
    const isValid =
      address.startsWith('0x') || (/^bc1/i.test(address) ? isBech32(address) : isBase58(address));
    if (isValid) found.push({ start: index, end: index + address.length, confidence: 0.95 });
  }
  return found;
}

const CANDIDATE =
  /(?<![\p{L}\p{N}])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71}|0x[\da-fA-F]{40})(?![\p{L}\p{N}])/gu;

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The last four of its 25 bytes are the beginning of the others' digest. */
function isBase58(address: string): boolean {
  let value = 0n;
  for (const sign of address) value = value * 58n + BigInt(BASE58.indexOf(sign));
  const hex = value.toString(16).padStart(50, '0');
  if (hex.length !== 50) return false;
  const bytes = Buffer.from(hex, 'hex');
  const digest = sha256(sha256(bytes.subarray(0, 21)));
  return digest.subarray(0, 4).equals(bytes.subarray(21));
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What the sum comes to in BIP 173, and in BIP 350. */
const SUMS: readonly number[] = [1, 0x2bc830a3];

function isBech32(address: string): boolean {
  // `bc`, spelled out as the checksum wants it.
  const values = [
    3,
    3,
    0,
    2,
    3,
    ...Array.from(address.toLowerCase().slice(3), (sign) => BECH32.indexOf(sign)),
  ];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, word] of GENERATOR.entries()) if (((top >> bit) & 1) === 1) sum ^= word;
  }
  return SUMS.includes(sum);
}

import { BlockList, isIPv4 } from 'node:net';

/**
 * Whether an address is not one of the public internet: loopback, private, link-local (where clouds keep their metadata),
 * shared, reserved, multicast, for documentation. Of IPv6 only what is global unicast counts as public, and an address
 * that carries one of IPv4 (mapped, NAT64) is what that one is.
 *
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return NOT_PUBLIC.check(address, 'ipv4');
  const bare = address.replace(/%.*$/, '');
  const carried = carriedIpv4(bare);
  if (carried !== undefined) return NOT_PUBLIC.check(carried, 'ipv4');
  return !GLOBAL_UNICAST.check(bare, 'ipv6') || NOT_PUBLIC.check(bare, 'ipv6');
}

const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv4');
// Teredo and others that are no hosts, documentation, and 6to4, which carries any address of IPv4.
NOT_PUBLIC.addSubnet('2001::', 23, 'ipv6');
NOT_PUBLIC.addSubnet('2001:db8::', 32, 'ipv6');
NOT_PUBLIC.addSubnet('2002::', 16, 'ipv6');
NOT_PUBLIC.addSubnet('3fff::', 20, 'ipv6');

const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

/** The address of IPv4 in `::ffff:a.b.c.d` (mapped) or `64:ff9b::a.b.c.d` (NAT64). */
function carriedIpv4(address: string): string | undefined {
  // The parser of URLs knows all the ways to write one, and writes it in one way.
  const plain = URL.parse(`http://[${address}]`)?.hostname ?? '';
  const [, high, low] = /^\[(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})\]$/.exec(plain) ?? [];
  if (low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high ?? '0', 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

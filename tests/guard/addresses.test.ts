import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPrivateAddress } from '../../src/guard/addresses.ts';

test.each([
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.0.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '64:ff9b:1::1',
  '::ffff:169.254.169.254',
  '::ffff:7f00:1',
  '::FFFF:10.0.0.1',
  '0:0:0:0:0:ffff:10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b::10.0.0.1',
])('%s is private', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each([
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:1.1.1.1',
  '64:ff9b::8.8.8.8',
])('%s is of the internet', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

test('an address of IPv4 is the same however it is carried', () => {
  const part = fc.nat(255);
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), (parts) => {
      const plain = parts.join('.');
      for (const prefix of ['::ffff:', '64:ff9b::']) {
        expect(isPrivateAddress(prefix + plain)).toBe(isPrivateAddress(plain));
      }
    }),
  );
});

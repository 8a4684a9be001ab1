import { expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each([
  ['from 86.121.97.248.', '86.121.97.248'],
  ['http://10.0.0.1:8080/x', '10.0.0.1'],
  ['10.1.0.0/16', '10.1.0.0'],
  ['ip:192.168.1.1', '192.168.1.1'],
  ['[2001:db8::1]:80', '2001:db8::1'],
  ['at 6e40:4041:c617:e898:c11:40d2:c669:2eb4.', '6e40:4041:c617:e898:c11:40d2:c669:2eb4'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['ping ::1', '::1'],
  ['server 10.0.0.1', '10.0.0.1'],
  ['host_10.0.0.1_2026', '10.0.0.1'],
  ['id:2001:db8::1', '2001:db8::1'],
  ['Received: from [IPv6:2001:db8::1]', '2001:db8::1'],
])('finds the address in %j', (text, address) => {
  expect(found('IP', text)).toEqual([address]);
});

test.each([
  '192.168.1.256',
  '192.168.1',
  '1.192.168.1.1',
  'version 10.0.19045.3570',
  'Version: 1.2.3.4',
  'v1.2.3.4',
  'rfc9111.html#section-5.2.1.3',
  '12:34:56',
  'a[1::2]',
  'std::bad',
  'f :: Int -> Int',
  '2001::25de::cade',
  'aa:bb:cc:dd:ee:ff',
  '16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48',
])('finds nothing in %j', (text) => {
  expect(found('IP', text)).toEqual([]);
});

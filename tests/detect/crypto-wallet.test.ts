import { expect, test } from 'vitest';
import { found } from './support/found.ts';

// The first address that there was; the examples of BIP 173 and BIP 350.
test.each([
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
  'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
  '0x52908400098527886E0F7030069857D2E4169EE7',
])('finds %s', (address) => {
  expect(found('CRYPTO_WALLET', `to ${address}.`)).toEqual([address]);
});

test.each(['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'])(
  '%s has a wrong checksum',
  (address) => {
    expect(found('CRYPTO_WALLET', address)).toEqual([]);
  },
);

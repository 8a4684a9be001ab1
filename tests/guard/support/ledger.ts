import { expect } from 'vitest';
import type { TestProvider } from './provider.ts';

/** What the caller says in these tests, and what the provider must never see of it. */
export const SAID = 'Write to jane@acme.io, SSN 123-45-6789.';
const SECRETS = ['jane@acme.io', '123-45-6789'];

/** Everything that the provider was sent held placeholders, and none of the values: not in a body, address or header. */
export function expectMasked({ received }: Pick<TestProvider, 'received'>): void {
  expect(received.length).toBeGreaterThan(0);
  for (const { url, headers, body } of received) {
    for (const secret of SECRETS) expect(JSON.stringify([url, headers, body])).not.toContain(secret);
    expect(body).toMatch(/\[EMAIL_\w{6}\].*\[US_SSN_\w{6}\]/);
  }
}

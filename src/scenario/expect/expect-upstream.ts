import type { Expectation } from '../schema.ts';
import { fillText } from '../template.ts';
import type { ExpectContext } from './context.ts';
import { UnmetError } from './unmet-error.ts';

type ExpectUpstream = Extract<Expectation, { upstream: unknown }>['upstream'];

/** Checks what the models really received: in all of a request, not only where text is expected. */
export async function expectUpstream(
  { rehearsal, values }: ExpectContext,
  expectation: ExpectUpstream,
): Promise<void> {
  if (rehearsal === undefined) throw new TypeError('a real model keeps no record that can be read here');
  const ledger = await rehearsal.readLedger();
  const calls = ledger.filter(({ role }) => expectation.role === undefined || role === expectation.role);
  const sent = calls.map(({ body }) => JSON.stringify(body));
  const who = expectation.role === undefined ? 'the models' : `the model of ${expectation.role}`;
  if (sent.length === 0) throw new UnmetError({ expected: `calls to ${who}`, seen: 'none' });

  for (const secret of expectation.never.map((text) => fillText(text, values))) {
    const leaks = sent.filter((text) => spellings(secret).some((spelling) => text.includes(spelling))).length;
    if (leaks > 0) {
      throw new UnmetError({
        expected: `${JSON.stringify(secret)} never to reach ${who}`,
        seen: `it did in ${leaks} of ${sent.length} calls`,
      });
    }
  }
  for (const wanted of expectation.contains.map((text) => fillText(text, values))) {
    if (sent.some((text) => text.includes(wanted))) continue;
    throw new UnmetError({
      expected: `${JSON.stringify(wanted)} to reach ${who}`,
      seen: `none of ${sent.length} calls has it`,
    });
  }
}

/** A value as it is, without its separators, and percent-encoded: a leak need not look the same. */
function spellings(secret: string): readonly string[] {
  const bare = secret.replace(/[\s.-]/g, '');
  return [secret, ...(/^\d{6,}$/.test(bare) ? [bare] : []), encodeURIComponent(secret)];
}

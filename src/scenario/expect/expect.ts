import type { Expectation } from '../schema.ts';
import type { ExpectContext } from './context.ts';
import { expectEvent } from './expect-event.ts';
import { expectHistory, expectReceipt, expectRecord } from './expect-record.ts';
import { expectUpstream } from './expect-upstream.ts';

/** Checks one expectation; only events are waited for, since what they tell of is in the database with them. */
export function expect(context: ExpectContext, expectation: Expectation, leftMs: number): Promise<void> {
  if ('event' in expectation) return expectEvent(context, expectation, leftMs);
  if ('record' in expectation) return expectRecord(context, expectation);
  if ('history' in expectation) return expectHistory(context, expectation);
  if ('receipt' in expectation) return expectReceipt(context, expectation);
  return expectUpstream(context, expectation.upstream);
}

import type { JSONWebKeySet } from 'jose';
import { verifyReceipt } from '../../client/receipt.ts';
import { isMeshError } from '../../core/errors.ts';
import type { Conditions, Expectation } from '../schema.ts';
import { fillText } from '../template.ts';
import { describeConditions, findUnmet } from './condition.ts';
import type { ExpectContext } from './context.ts';
import { UnmetError } from './unmet-error.ts';

type Of<Key extends string> = Extract<Expectation, { [key in Key]: unknown }>;

/** Reads a row of the database through the controller and checks it. */
export async function expectRecord(context: ExpectContext, expectation: Of<'record'>): Promise<void> {
  const { client, values } = context;
  const { record, has, as } = expectation;
  const id = fillText(expectation.id, values);
  const read = {
    task: () => client.tasks.get(id),
    session: () => client.sessions.get(id),
    approval: () => client.approvals.get(id),
  };
  const row = await read[record]();
  requireConditions(`${record} ${id}`, row, has, values);
  if (as !== undefined) values[as] = row;
}

/** Checks which events moved a session, by its history in the database. */
export async function expectHistory(
  { client, values }: ExpectContext,
  expectation: Of<'history'>,
): Promise<void> {
  const id = fillText(expectation.history, values);
  const seen = (await client.sessions.transitions(id)).map(({ event }) => event);
  if (seen.join() === expectation.events.join()) return;
  throw new UnmetError({
    expected: `session ${id} to be moved by ${expectation.events.join(', ')}`,
    seen: seen.join(', '),
  });
}

/** Verifies the receipt of an approval with the public keys of the mesh, and checks what it states. */
export async function expectReceipt(
  { client, values }: ExpectContext,
  expectation: Of<'receipt'>,
): Promise<void> {
  const id = fillText(expectation.receipt, values);
  const { receipt } = await client.approvals.get(id);
  if (receipt === null)
    throw new UnmetError({ expected: `a receipt of approval ${id}`, seen: 'there is none' });
  const claims = await verifyReceipt(receipt, (await client.keys()) as JSONWebKeySet).catch(
    (error: unknown) => {
      if (!isMeshError(error)) throw error;
      throw new UnmetError({ expected: `the receipt of approval ${id} to verify`, seen: error.message });
    },
  );
  requireConditions(`the receipt of approval ${id}`, claims, expectation.has, values);
}

function requireConditions(what: string, value: unknown, has: Conditions, values: unknown): void {
  const unmet = findUnmet(value, has, values);
  if (unmet.length === 0) return;
  throw new UnmetError({
    expected: `${what} to have ${describeConditions(has, values)}`,
    seen: unmet
      .map(({ path, seen }) => `${path}: ${seen === undefined ? 'nothing' : JSON.stringify(seen)}`)
      .join('; '),
  });
}

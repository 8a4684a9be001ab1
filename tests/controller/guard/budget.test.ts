import { expect, test } from 'vitest';
import { Budgets } from '../../../src/core/budget.ts';
import type { GuardCall } from '../../../src/core/guard.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { startWork } from '../support/work.ts';
import { endedCall, permitFor } from './support.ts';

async function start(budgets: unknown) {
  const finance = { ...(await readProfile('finance')), budgets: Budgets.parse(budgets) };
  const others = await Promise.all(['manager', 'legal'].map(readProfile));
  return startTestController({
    profiles: [finance, ...others],
    prices: { 'gpt-4o*': { input: 2.5, output: 10 } },
    moreClients: [{ kind: 'guard', name: 'finance-2', roles: [] }],
  });
}

/** Asks, and if it may, tells of a call. */
async function use(mesh: TestController, call: GuardCall): Promise<void> {
  const { guard } = mesh.as(`guard:${call.agent}`);
  await guard.permit(permitFor(call));
  await guard.report([call]);
}

test('all guards of a role together get no more calls than its budget has, however they ask', async () => {
  await using mesh = await start({ per_day: { calls: 5 } });
  const asked = Array.from({ length: 20 }, (_, n) =>
    mesh.as(n % 2 === 0 ? 'guard:finance' : 'guard:finance-2').guard.permit(permitFor(endedCall())),
  );
  const answers = await Promise.allSettled(asked);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(await refusalOf(mesh.as('guard:finance').guard.permit(permitFor(endedCall())))).toBe(
    'budget_exceeded',
  );
});

test('a permit that is asked for again counts once', async () => {
  await using mesh = await start({ per_day: { calls: 2 } });
  const call = endedCall();
  const { guard } = mesh.as('guard:finance');
  await guard.permit(permitFor(call));
  await guard.permit(permitFor(call));
  await guard.permit(permitFor(endedCall()));
  expect(await mesh.sql('select 1 from guard_calls')).toHaveLength(2);
});

test.each([
  ['tokens', { per_day: { tokens: 200 } }, { model: 'any' }, 2],
  ['cost', { per_day: { cost: 5 } }, { model: 'gpt-4o', tokens_in: 1_000_000 }, 2],
])('a budget of %s is counted from what calls have used', async (_unit, budgets, call, fit) => {
  await using mesh = await start(budgets);
  for (let sent = 0; sent < fit; sent += 1) await use(mesh, endedCall(call));
  expect(await refusalOf(use(mesh, endedCall(call)))).toBe('budget_exceeded');
});

test('a task has a budget of its own', async () => {
  await using mesh = await start({ per_task: { calls: 1 } });
  const [first, second] = [await startWork(mesh), await startWork(mesh)];
  await use(mesh, endedCall({ session_id: first.sessionId }));
  expect(await refusalOf(use(mesh, endedCall({ session_id: first.sessionId })))).toBe('budget_exceeded');
  await use(mesh, endedCall({ session_id: second.sessionId }));
});

test('what was used yesterday, and what the guard refused, does not count today', async () => {
  await using mesh = await start({ per_day: { calls: 1 } });
  await use(mesh, endedCall());
  await mesh.sql(`update guard_calls set at = date_trunc('day', now(), 'UTC') - interval '1 second'`);
  await mesh.as('guard:finance').guard.report([endedCall({ status: 422, refused: 'unprocessable' })]);
  await use(mesh, endedCall());
});

test('a call whose answer the guard refused has used up its place', async () => {
  await using mesh = await start({ per_day: { calls: 1 } });
  await use(mesh, endedCall({ status: 422, refused: 'unprocessable' }));
  expect(await refusalOf(use(mesh, endedCall()))).toBe('budget_exceeded');
});

test('a call whose guard was killed in the middle of it has used up its place', async () => {
  await using mesh = await start({ per_day: { calls: 1 } });
  await mesh.as('guard:finance').guard.permit(permitFor(endedCall()));
  expect(await refusalOf(use(mesh, endedCall()))).toBe('budget_exceeded');
});

test('a budget in dollars refuses a model without a price, since it could not be counted', async () => {
  await using mesh = await start({ per_day: { cost: 5 } });
  expect(await refusalOf(use(mesh, endedCall({ model: 'a-model-of-nobody' })))).toBe('budget_exceeded');
});

test('a role without budgets gets every permit, and a guard none for sessions of others', async () => {
  await using mesh = await start({});
  await use(mesh, endedCall());
  const { sessionId } = await startWork(mesh, { target: 'legal' });
  expect(await refusalOf(use(mesh, endedCall({ session_id: sessionId })))).toBe('forbidden');
});

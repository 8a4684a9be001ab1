import { expect, test } from 'vitest';
import { Budgets } from '../../src/core/budget.ts';
import { readProfile, startTestController } from '../support/controller.ts';
import { ask, runGuard } from './support/guard.ts';
import { startProvider } from './support/provider.ts';
import { joinGuard } from './support/real.ts';

async function startMesh(budgets: unknown) {
  const profiles = await Promise.all(['finance', 'manager', 'legal'].map(readProfile));
  return startTestController({
    profiles: profiles.map((profile) => ({ ...profile, budgets: Budgets.parse(budgets) })),
  });
}

test('a call that its budget does not allow is a 402 with the reason, and is not sent', async () => {
  await using mesh = await startMesh({ per_day: { calls: 1 } });
  await using provider = await startProvider();
  await using guard = await joinGuard(mesh, provider, { budgeted: true });
  expect((await guard.chat('Hi')).status).toBe(200);
  const answer = await guard.chat('Hi');
  expect(answer.status).toBe(402);
  expect(await answer.json()).toMatchObject({
    error: {
      message: 'The role finance has used up its budget of 1 calls for a day.',
      type: 'insufficient_quota',
      code: 'budget_exceeded',
    },
  });
  expect(provider.received).toHaveLength(1);
});

test('of guards that share a budget, and of one that was restarted, none has it anew', async () => {
  await using mesh = await startMesh({ per_day: { calls: 3 } });
  await using provider = await startProvider();
  for (let life = 0; life < 2; life += 1) {
    await using first = await joinGuard(mesh, provider, { budgeted: true });
    await using second = await joinGuard(mesh, provider, { budgeted: true });
    await Promise.all([first, second, first, second].map(async (guard) => (await guard.chat('Hi')).text()));
  }
  expect(provider.received).toHaveLength(3);
});

test('a call that the guard refuses costs nothing of the budget', async () => {
  await using mesh = await startMesh({ per_day: { calls: 1 } });
  await using provider = await startProvider();
  await using guard = await joinGuard(mesh, provider, { budgeted: true });
  const refused = await fetch(`${guard.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await mesh.as('agent:finance').token()}` },
    body: JSON.stringify(ask('Hi', { unknown_field: 1 })),
  });
  expect(refused.status).toBe(422);
  expect((await guard.chat('Hi')).status).toBe(200);
});

test('a budget that nobody can count stops the call', async () => {
  await using guard = await runGuard({ budgeted: true });
  const answer = await guard.chat(ask('Hi'));
  expect(answer.status).toBe(503);
  expect(guard.provider.received).toEqual([]);
});

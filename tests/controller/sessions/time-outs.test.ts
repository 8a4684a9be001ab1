import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Profile } from '../../../src/core/profile.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { startReview, startWork } from '../support/work.ts';

const SECOND_IN_HOURS = 1 / 3600;

/** Sessions of legal may not stay paused, those of the manager not active; of finance nothing is said. */
let mesh: TestController;
beforeAll(async () => {
  const limit = async (role: string, timeouts: object) => {
    const profile = await readProfile(role);
    return Profile.parse({ ...profile, policies: { ...profile.policies, timeouts } });
  };
  mesh = await startTestController({
    profiles: [
      await readProfile('finance'),
      await limit('manager', { active_hours: SECOND_IN_HOURS }),
      await limit('legal', { paused_hours: SECOND_IN_HOURS, pending_hours: 10_000 }),
    ],
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const becomes = (id: string, status: string) =>
  vi.waitUntil(async () => (await mesh.as('user:alice').sessions.get(id)).status === status, {
    timeout: 10_000,
  });

async function make(role: string, ...events: readonly string[]): Promise<string> {
  const { id } = await mesh.as('user:alice').sessions.create({ role });
  for (const event of events) await mesh.as('user:alice').sessions.send(id, event);
  return id;
}

/** As if a session had last moved some days ago. */
async function age(id: string, days: number): Promise<void> {
  await mesh.sql(`alter table sessions disable trigger guard_session_state`);
  await mesh.sql(`update sessions set last_transition_at = now() - $2 * interval '1 day' where id = $1`, [
    id,
    days,
  ]);
  await mesh.sql(`alter table sessions enable trigger guard_session_state`);
}

describe('a time-out of a profile', () => {
  test('holds for its state and its role, and no other', async () => {
    const others = [
      await make('legal'),
      await make('legal', 'activate'),
      await make('manager'),
      await make('manager', 'activate', 'pause'),
      await make('finance', 'activate'),
      await make('finance', 'activate', 'pause'),
    ];
    const paused = await make('legal', 'activate', 'pause');
    const active = await make('manager', 'activate');
    await Promise.all([becomes(paused, 'expired'), becomes(active, 'expired')]);
    const { items } = await mesh.as('user:alice').sessions.list({ status: 'expired' });
    expect(items.filter(({ id }) => others.includes(id))).toEqual([]);
  });

  test('is told in the history', async () => {
    const id = await make('legal', 'activate', 'pause');
    await becomes(id, 'expired');
    expect((await mesh.as('user:alice').sessions.transitions(id)).at(-1)).toMatchObject({
      event: 'expire',
      actor: 'controller',
      reason: 'paused for 1 second without a change',
    });
  });

  test('begins anew with every change of state', async () => {
    const id = await make('legal', 'activate', 'pause', 'resume');
    const later = await make('legal', 'activate', 'pause');
    await becomes(later, 'expired');
    expect((await mesh.as('user:alice').sessions.get(id)).status).toBe('active');
  });

  test('may be longer than the retention time, which holds where nothing else is said', async () => {
    const kept = await make('legal');
    const swept = await make('finance');
    await age(kept, 31);
    await age(swept, 31);
    await make('legal', 'activate', 'pause');
    await becomes(swept, 'expired');
    expect((await mesh.as('user:alice').sessions.transitions(swept)).at(-1)?.reason).toBe(
      'pending for 30 days without a change',
    );
    expect((await mesh.as('user:alice').sessions.get(kept)).status).toBe('pending');
  });

  test('fails the task of the session with the reason', async () => {
    const { task, sessionId } = await startWork(mesh, { target: 'manager' });
    await becomes(sessionId, 'expired');
    expect(await mesh.as('user:alice').tasks.get(task.id)).toMatchObject({
      status: 'failed',
      failure: `session ${sessionId} expired: active for 1 second without a change`,
    });
  });

  test('withdraws the approval that its session should decide, and whoever asked goes on', async () => {
    const { work, review, approvalId } = await startReview(mesh);
    await becomes(review.sessionId, 'expired');
    expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('withdrawn');
    await becomes(work.sessionId, 'active');
  });
});

/** Of what mesh.yaml says, the role comes before *, and both before the profile: here finance, manager, legal. */
test('time-outs of the mesh come before those of profiles, and a role before all roles', async () => {
  const profiles = await Promise.all(
    ['finance', 'manager', 'legal'].map(async (role) => {
      const profile = await readProfile(role);
      return { ...profile, policies: { ...profile.policies, timeouts: { active_hours: SECOND_IN_HOURS } } };
    }),
  );
  await using own = await startTestController({
    profiles,
    session_timeouts: {
      '*': { pending_hours: SECOND_IN_HOURS },
      finance: { pending_hours: 10 },
      manager: { active_hours: 10 },
    },
  });
  const alice = own.as('user:alice');
  const make = async (role: string, ...events: readonly string[]) => {
    const { id } = await alice.sessions.create({ role });
    for (const event of events) await alice.sessions.send(id, event);
    return id;
  };
  const stay = [await make('finance'), await make('manager', 'activate')];
  const go = [await make('legal'), await make('finance', 'activate'), await make('legal', 'activate')];
  await vi.waitFor(
    async () => {
      const { items } = await alice.sessions.list({ status: 'expired' });
      expect(new Set(items.map(({ id }) => id))).toEqual(new Set(go));
    },
    { timeout: 10_000 },
  );
  for (const id of stay) expect((await alice.sessions.get(id)).status).not.toBe('expired');
});

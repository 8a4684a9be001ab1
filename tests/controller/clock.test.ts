import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApprovalPolicy } from '../../src/core/policy.ts';
import { Profile } from '../../src/core/profile.ts';
import { readProfile, startTestController, type TestController } from '../support/controller.ts';
import { openStream } from './support/stream.ts';
import { startReview, startWork } from './support/work.ts';

/** The clock of the controller's machine jumps; what is due is decided by the database's. */
const HOUR_MS = 3_600_000;
const JUMPS = [
  { name: 'forward', ms: HOUR_MS },
  { name: 'back', ms: -HOUR_MS },
];
const HALF_AN_HOUR = 0.5;
const SECOND_IN_HOURS = 1 / 3600;

let mesh: TestController;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(async () => {
  vi.useRealTimers();
  await mesh[Symbol.asyncDispose]();
});

const jump = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function startMesh(hours: number, leaseSeconds: number): Promise<void> {
  const finance = await readProfile('finance');
  mesh = await startTestController({
    lease_seconds: leaseSeconds,
    profiles: [
      Profile.parse({
        ...finance,
        policies: {
          ...finance.policies,
          timeouts: { pending_hours: hours, active_hours: hours, paused_hours: hours },
        },
      }),
      await readProfile('manager'),
      await readProfile('legal'),
    ],
    approvals: ApprovalPolicy.parse({
      version: 1,
      currency: 'USD',
      valid_for_hours: hours,
      rules: [{ id: 'all', over: 0, approvers: ['manager'] }],
    }),
  });
}

describe.each(JUMPS)('after a jump of an hour $name', ({ ms }) => {
  test('nothing ends before its time', async () => {
    await startMesh(HALF_AN_HOUR, 60);
    const { work, approvalId } = await startReview(mesh);
    const other = await startWork(mesh, { target: 'legal' });
    jump(ms);
    await sweepNow();

    expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('pending');
    expect((await mesh.as('user:alice').sessions.get(work.sessionId)).status).toBe('paused');
    const beat = await other.agent.tasks.heartbeat(other.task.id, other.claim.lease_id);
    expect(beat.status).toBe('active');
  });

  test('what is due ends at its time, and stays ended when the clock jumps back', async () => {
    await startMesh(2 * SECOND_IN_HOURS, 60);
    // The sweeper sleeps by now, as far as it knows for an hour or more.
    await using stream = await openStream(mesh, 'user:root', { after: 0 });
    jump(ms);
    const { approvalId } = await startReview(mesh);
    await stream.takeUntil(({ kind }) => kind === 'approval.expired');
    jump(-ms);
    await sweepNow();
    expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('expired');
  });

  test('a lease that ran out is lost', async () => {
    await startMesh(HALF_AN_HOUR, 1);
    await using stream = await openStream(mesh, 'user:root', { after: 0 });
    const { agent, task, claim } = await startWork(mesh);
    jump(ms);
    await stream.takeUntil(({ kind }) => kind === 'task.released');
    await expect(agent.tasks.heartbeat(task.id, claim.lease_id)).rejects.toMatchObject({
      code: 'lease_lost',
    });
  });
});

/** Makes the sweeper look at everything now, by something that is due. */
async function sweepNow(): Promise<void> {
  await using stream = await openStream(mesh, 'user:root');
  const { id } = await mesh.as('user:alice').tasks.route({ target: 'manager', description: 'Nothing.' });
  const [row] = await mesh.sql<{ due: boolean }>(
    `update tasks set claimable_at = null, status = 'active', agent = 'nobody', claimed_at = now(),
       lease_id = gen_random_uuid(), lease_expires_at = now() where id = $1 returning true as due`,
    [id],
  );
  expect(row?.due).toBe(true);
  await mesh.sql(
    `insert into events (kind, actor, subject, data) values ('task.released', 'test', 'task:x', '{}')`,
  );
  await stream.takeUntil(({ kind, subject }) => kind === 'task.released' && subject === `task:${id}`);
}

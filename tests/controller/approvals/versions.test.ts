import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startController } from '../../../src/controller/start.ts';
import { digestOf } from '../../../src/core/policy/version.ts';
import { ApprovalPolicy } from '../../../src/core/policy.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { startReview } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const versionOf = (version: number, over: number) =>
  ApprovalPolicy.parse({
    version,
    currency: 'USD',
    rules: [{ id: 'all', over, approvers: ['manager'] }],
  });

/** Another controller comes and goes on the same database. */
async function start(approvals: ApprovalPolicy): Promise<void> {
  const controller = await startController({ ...mesh.config, approvals }, pino({ level: 'silent' }));
  await controller.close();
}

const applied = async () => {
  const events = await mesh.sql<{ data: { version: number } }>(
    `select data from events where kind = 'policy.applied' order by seq`,
  );
  return events.map(({ data }) => data.version);
};

describe('the log', () => {
  test('says which policy is in force, once however many controllers start with it', async () => {
    expect(await applied()).toEqual([1]);
    const [event] = await mesh.sql(`select actor, subject, data from events where kind = 'policy.applied'`);
    expect(event).toEqual({
      actor: 'controller',
      subject: 'policy',
      data: { version: 1, digest: digestOf(mesh.config.approvals), rules: 2 },
    });
    await Promise.all([start(versionOf(2, 10)), start(versionOf(2, 10))]);
    expect(await applied()).toEqual([1, 2]);
    await start(mesh.config.approvals);
    await start(mesh.config.approvals);
    expect(await applied()).toEqual([1, 2, 1]);
  });

  test('knows what each version said, for good', async () => {
    await expect(start(versionOf(1, 99_999))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(
        'Version 1 of the approval policy was in force with other rules',
      ) as unknown,
      hint: expect.stringContaining('version: 2') as unknown,
    });
    await expect(mesh.sql(`update policy_versions set policy = '{}'`)).rejects.toThrow(/append-only/);
    await expect(mesh.sql('delete from policy_versions')).rejects.toThrow(/append-only/);
  });
});

describe('an approval', () => {
  test('names the policy under which it was asked for, which can be read', async () => {
    const { approvalId } = await startReview(mesh);
    const alice = mesh.as('user:alice');
    const { policy, policy_digest: digest } = await alice.approvals.get(approvalId);
    expect(policy).toBe('v1/over-50k');
    expect(await alice.policies.get(digest)).toMatchObject({ version: 1, policy: mesh.config.approvals });
    expect((await alice.policies.current()).digest).toBe(digest);
  });

  test('of a policy that is not there finds none', async () => {
    await problemOf(await mesh.fetch('user:alice', `/policies/${'0'.repeat(64)}`), 'not_found');
    await problemOf(await mesh.fetch('user:alice', '/policies/latest'), 'invalid_request');
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApprovalPolicy } from '../../../src/core/policy.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, endTurn, startWork, takeReview, takeWork } from '../support/work.ts';

const AWAY = [{ from: '2020-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' }];
const PEOPLE = [
  { name: 'alice', roles: [], reports_to: 'bob' },
  { name: 'bob', roles: ['manager'], reports_to: 'erin' },
  { name: 'erin', roles: ['cfo', 'legal'], deputy: 'frank', away: AWAY },
  { name: 'frank', roles: [] },
  { name: 'gina', roles: ['cfo'] },
  { name: 'dan', roles: ['legal'] },
];

const rule = (type: string, rest: object) => ({ id: type, types: [type], ...rest });
const POLICY = ApprovalPolicy.parse({
  version: 7,
  currency: 'USD',
  rules: [
    rule('in-turn', { approvers: ['legal', 'manager'], order: 'sequence' }),
    rule('two-of-three', {
      approvers: [{ any: 2, of: ['legal', 'manager', { role: 'cfo', who: 'human' }] }],
    }),
    rule('by-people', { approvers: [{ role: 'manager', who: 'human' }] }),
    rule('by-agents', { approvers: [{ role: 'manager', who: 'agent' }] }),
    rule('by-boss', { approvers: [{ 'manager-of': 'owner' }] }),
    rule('by-cfos', {
      approvers: [
        { role: 'cfo', who: 'human' },
        { role: 'cfo', who: 'human' },
      ],
    }),
    rule('own-people', { approvers: [{ role: 'finance', who: 'human' }] }),
  ],
});

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    approvals: POLICY,
    people: PEOPLE.map((person) => ({ owns: [], away: [], ...person })),
    moreClients: [
      { kind: 'user', name: 'erin', roles: ['cfo', 'legal'] },
      { kind: 'user', name: 'frank', roles: [] },
      { kind: 'user', name: 'gina', roles: ['cfo'] },
      { kind: 'user', name: 'dan', roles: ['legal'] },
    ],
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

/** Finance asks for what a rule demands, and waits. */
async function ask(type: string) {
  const work = await startWork(mesh, { type });
  const asked = await work.tools.call('request_approval', { reason: 'We need it.' });
  await endTurn(work);
  return { work, id: String(asked['approval_id']), asked };
}

const decide = (actor: string, id: string, decision: 'approve' | 'reject' = 'approve', role?: string) =>
  mesh
    .as(actor)
    .approvals.decide(id, { decision, comment: 'So be it.', ...(role === undefined ? {} : { role }) });

const reviewsOf = async (id: string) => {
  const rows = await mesh.sql<{ target: string; status: string }>(
    'select target, status from tasks where approval_id = $1 order by created_at, target',
    [id],
  );
  return rows.map(({ target, status }) => `${target} ${status}`);
};

const mineOf = async (actor: string) => {
  const page = await mesh.as(actor).approvals.list({ mine: 'true', limit: 200 });
  return page.items.map(({ id }) => id);
};

describe('in sequence', () => {
  test('the next is asked when the one before has approved', async () => {
    const { id, work } = await ask('in-turn');
    expect(await reviewsOf(id)).toEqual(['legal pending']);
    expect(await mineOf('user:dan')).toContain(id);
    expect(await mineOf('user:bob')).not.toContain(id);
    expect(await decide('agent:legal', id)).toMatchObject({ status: 'pending', stage: 1 });
    expect(await reviewsOf(id)).toEqual(['legal completed', 'manager pending']);
    expect(await mineOf('user:bob')).toContain(id);
    const review = await takeReview(mesh, 'agent:manager', id);
    await review.tools.call('decide_approval', { approval_id: id, decision: 'approve', comment: 'Yes.' });
    expect((await claimAgain(work)).answers).toMatchObject([{ status: 'approved' }]);
    await work.tools.call('complete_task', { outcome: 'approved', summary: 'Approved.' });
  });

  test('nobody decides before their turn, and the attempt is in the log', async () => {
    const { id } = await ask('in-turn');
    expect(await refusalOf(decide('user:bob', id))).toBe('forbidden');
    await expect(decide('agent:manager', id)).rejects.toThrow(
      /It is not for manager to decide yet: legal must first/,
    );
    const refusals = await mesh.sql(`select 1 from events where kind = 'approval.refused' and subject = $1`, [
      `approval:${id}`,
    ]);
    expect(refusals).toHaveLength(2);
  });

  test('a rejection spares those who come later', async () => {
    const { id } = await ask('in-turn');
    expect(await decide('user:dan', id, 'reject')).toMatchObject({ status: 'rejected' });
    expect(await reviewsOf(id)).toEqual(['legal completed']);
  });
});

describe('any two of three', () => {
  test('are enough, and spare the third', async () => {
    const { id } = await ask('two-of-three');
    expect(await reviewsOf(id)).toEqual(['legal pending', 'manager pending']);
    expect(await decide('user:gina', id)).toMatchObject({ status: 'pending' });
    expect(await decide('agent:legal', id)).toMatchObject({ status: 'approved' });
    expect(await reviewsOf(id)).toEqual(['legal completed', 'manager cancelled']);
  });

  test('one rejection leaves two; a second one settles it', async () => {
    const { id } = await ask('two-of-three');
    expect(await decide('agent:legal', id, 'reject')).toMatchObject({ status: 'pending' });
    expect(await decide('agent:manager', id, 'reject')).toMatchObject({ status: 'rejected' });
  });

  test('go on without an agent who gives up, but not without two', async () => {
    const { id } = await ask('two-of-three');
    const legal = await takeReview(mesh, 'agent:legal', id);
    await legal.holder.sessions.send(legal.sessionId, 'fail', 'no idea');
    expect((await mesh.as('user:root').approvals.get(id)).status).toBe('pending');
    const manager = await takeReview(mesh, 'agent:manager', id);
    await manager.holder.sessions.send(manager.sessionId, 'fail', 'no idea');
    expect((await mesh.as('user:root').approvals.get(id)).status).toBe('withdrawn');
  });
});

describe('who: human', () => {
  test('asks no agent, and lets none decide', async () => {
    const { id, asked } = await ask('by-people');
    expect(asked['approvers']).toEqual(['manager (human)']);
    expect(await reviewsOf(id)).toEqual([]);
    await expect(decide('agent:manager', id)).rejects.toThrow(
      /for manager \(human\) to decide, not for agent/,
    );
    expect(await decide('user:bob', id)).toMatchObject({ status: 'approved' });
  });

  test('counts the admin as a person, who cannot stand for an agent', async () => {
    const { id } = await ask('by-people');
    expect(await decide('user:root', id)).toMatchObject({ status: 'approved' });
    const other = await ask('by-agents');
    expect(await refusalOf(decide('user:root', other.id))).toBe('forbidden');
    expect(await refusalOf(decide('user:bob', other.id))).toBe('not_found');
    expect(await decide('agent:manager', other.id)).toMatchObject({ status: 'approved' });
  });

  test('wants a person even of the role whose agent asks', async () => {
    const { id } = await ask('own-people');
    expect(await refusalOf(decide('agent:finance', id))).toBe('forbidden');
    expect(await refusalOf(decide('agent:finance-2', id))).toBe('forbidden');
    expect(await decide('user:root', id)).toMatchObject({ status: 'approved' });
  });

  test('wants two people where it is said twice', async () => {
    const { id } = await ask('by-cfos');
    expect(await decide('user:gina', id)).toMatchObject({ status: 'pending' });
    expect(await decide('user:gina', id)).toMatchObject({ decisions: [{ actor: 'user:gina' }] });
    expect(await mineOf('user:gina')).not.toContain(id);
    await expect(decide('user:gina', id, 'reject')).rejects.toThrow(/has decided on this approval already/);
    expect(await decide('user:frank', id)).toMatchObject({ status: 'approved' });
  });
});

describe('the manager of the owner', () => {
  test('decides, and nobody else', async () => {
    const { id, asked } = await ask('by-boss');
    expect(asked['approvers']).toEqual(['manager of the owner (user:bob)']);
    expect(await refusalOf(decide('agent:manager', id))).toBe('forbidden');
    expect(await refusalOf(decide('user:root', id))).toBe('forbidden');
    expect(await refusalOf(decide('user:erin', id))).toBe('not_found');
    expect(await decide('user:bob', id)).toMatchObject({
      decisions: [{ role: 'user:bob', actor: 'user:bob' }],
    });
  });

  test('is nobody for those at the top, which is said at once', async () => {
    const { id } = await mesh
      .as('user:gina')
      .tasks.route({ target: 'finance', type: 'by-boss', description: 'A yacht.' });
    const work = await takeWork(mesh, 'agent:finance', (task) => task.id === id);
    expect(await work.tools.refuse('request_approval', { reason: 'Please.' })).toMatch(
      /wants the approval of manager of the owner, and the org chart names nobody for it/,
    );
  });
});

describe('a deputy', () => {
  test('decides for who is away, and it is told for whom', async () => {
    const { id } = await ask('by-cfos');
    expect(await mineOf('user:frank')).toContain(id);
    expect(await decide('user:frank', id)).toMatchObject({
      status: 'pending',
      decisions: [{ role: 'cfo', actor: 'user:frank', on_behalf_of: 'user:erin' }],
    });
  });

  test('and who is away do not decide both', async () => {
    const { id } = await ask('by-cfos');
    await decide('user:frank', id);
    await expect(decide('user:erin', id)).rejects.toThrow(
      /has decided on this approval already through user:frank/,
    );
    const second = await ask('by-cfos');
    await decide('user:erin', second.id);
    await expect(decide('user:frank', second.id)).rejects.toThrow(
      /user:frank cannot decide it as their deputy/,
    );
  });

  test('does not decide on what is done on behalf of who is away', async () => {
    const { id: taskId } = await mesh
      .as('user:erin')
      .tasks.route({ target: 'finance', type: 'by-cfos', description: 'A yacht.' });
    const work = await takeWork(mesh, 'agent:finance', (task) => task.id === taskId);
    const asked = await work.tools.call('request_approval', { reason: 'Please.' });
    await expect(decide('user:frank', String(asked['approval_id']))).rejects.toThrow(
      /user:erin is the one for whom it was asked, so user:frank cannot decide it as their deputy/,
    );
  });

  test('of somebody who is there decides nothing', async () => {
    const { id } = await ask('by-people');
    expect(await refusalOf(decide('user:frank', id))).toBe('not_found');
  });
});

describe('the database', () => {
  const insert = (
    id: string,
    seat: number,
    actor: string,
    role: string,
    on_behalf_of: string | null = null,
  ) =>
    mesh.sql(
      `insert into approval_decisions (approval_id, seat, role, actor, on_behalf_of, decision, comment)
       values ($1, $2, $3, $4, $5, 'approve', 'by hand')`,
      [id, seat, role, actor, on_behalf_of],
    );

  test('lets no agent decide for people, and no person for agents', async () => {
    const { id } = await ask('by-people');
    await expect(insert(id, 0, 'agent:manager', 'manager')).rejects.toThrow(/it must be human/);
    const other = await ask('by-agents');
    await expect(insert(other.id, 0, 'user:bob', 'manager')).rejects.toThrow(/it must be agent/);
  });

  test('lets nobody decide out of turn', async () => {
    const { id } = await ask('in-turn');
    await expect(insert(id, 1, 'agent:manager', 'manager')).rejects.toThrow(/seat 1 .* is not open/);
  });

  test('lets nobody decide twice, not even through a deputy', async () => {
    const { id } = await ask('by-cfos');
    await insert(id, 0, 'user:frank', 'cfo', 'user:erin');
    for (const actor of ['user:frank', 'user:erin'])
      await expect(insert(id, 1, actor, 'cfo')).rejects.toThrow(/may not decide twice/);
    await expect(insert(id, 1, 'user:gina', 'cfo', 'user:alice')).rejects.toThrow(/on its own behalf/);
  });

  test('keeps the seat of a person for that person', async () => {
    const { id } = await ask('by-boss');
    await expect(insert(id, 0, 'user:gina', 'user:bob')).rejects.toThrow(/is for user:bob to decide/);
  });

  test('lets no approval go back', async () => {
    const { id } = await ask('in-turn');
    await decide('agent:legal', id);
    await expect(mesh.sql('update approvals set stage = 0 where id = $1', [id])).rejects.toThrow(
      /never back/,
    );
  });
});

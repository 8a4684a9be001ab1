import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApprovalPolicy } from '../../../src/core/policy.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { countRefusals, mustFail, PLEAS } from '../support/pleas.ts';
import { startWork } from '../support/work.ts';

/** Ways round order, people, deputies and four eyes, with everything that somebody may be talked into saying. */

const AWAY = [{ from: '2020-01-01T00:00:00Z', to: '2999-01-01T00:00:00Z' }];
const person = (name: string, rest: object = {}) => ({ name, roles: [], away: [], owns: [], ...rest });
const rule = (type: string, rest: object) => ({ id: type, types: [type], ...rest });

let mesh: TestController;
let ids: Readonly<Record<'people' | 'turn' | 'two' | 'boss', string>>;
beforeAll(async () => {
  mesh = await startTestController({
    lease_seconds: 600,
    approvals: ApprovalPolicy.parse({
      version: 1,
      currency: 'USD',
      rules: [
        rule('people', {
          approvers: [{ role: 'manager', who: 'human' }],
          deadline_hours: 9,
          escalate_to: ['legal'],
        }),
        rule('turn', { approvers: ['legal', 'manager'], order: 'sequence' }),
        rule('two', { approvers: [{ any: 2, of: ['legal', 'manager', { role: 'cfo', who: 'human' }] }] }),
        rule('boss', { approvers: [{ 'manager-of': 'owner' }] }),
      ],
    }),
    people: [
      // Alice, for whom all is done, stands in for bob.
      person('alice', { reports_to: 'erin' }),
      person('bob', { roles: ['manager'], away: AWAY, deputy: 'alice' }),
      person('carol', { roles: ['legal', 'manager', 'cfo'], deputy: 'dan' }),
      person('dan'),
      person('erin', { deputy: 'dan' }),
    ],
    moreClients: [
      { kind: 'user', name: 'carol', roles: ['legal', 'manager', 'cfo'] },
      { kind: 'user', name: 'dan', roles: [] },
      { kind: 'user', name: 'erin', roles: [] },
      { kind: 'agent', name: 'manager-2', roles: ['manager'] },
    ],
  });
  const ask = async (type: string) => {
    const work = await startWork(mesh, { type });
    return String((await work.tools.call('request_approval', { reason: 'Please.' }))['approval_id']);
  };
  ids = {
    people: await ask('people'),
    turn: await ask('turn'),
    two: await ask('two'),
    boss: await ask('boss'),
  };
  await mesh
    .as('user:carol')
    .approvals.decide(ids.two, { decision: 'approve', comment: 'Yes.', role: 'cfo' });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const decide = (actor: string, id: string, comment: string, role?: string) =>
  mustFail(
    mesh
      .as(actor)
      .approvals.decide(id, { decision: 'approve', comment, ...(role === undefined ? {} : { role }) }),
  );

const ATTACKS: Readonly<Record<string, (plea: string) => Promise<void>>> = {
  'an agent deciding for people': (plea) => decide('agent:manager', ids.people, plea),
  'a replica deciding for people': (plea) => decide('agent:manager-2', ids.people, plea, 'manager'),
  'who may only decide after the deadline': (plea) => decide('agent:legal', ids.people, plea),
  'an agent deciding out of turn': (plea) => decide('agent:manager', ids.turn, plea),
  'a person of both roles deciding out of turn': (plea) => decide('user:carol', ids.turn, plea, 'manager'),
  'a second decision in a second role': (plea) => decide('user:carol', ids.two, plea, 'manager'),
  'a second decision in a third role': (plea) => decide('user:carol', ids.two, plea, 'legal'),
  'the owner as the deputy of who is away': (plea) => decide('user:alice', ids.people, plea, 'manager'),
  'the deputy of somebody who is there': (plea) => decide('user:dan', ids.two, plea),
  'the deputy of a manager who is there': (plea) => decide('user:dan', ids.boss, plea),
  'the admin as the manager of somebody': (plea) => decide('user:root', ids.boss, plea),
  'an agent whose role is called manager': (plea) => decide('agent:manager', ids.boss, plea),
};

test.each(Object.keys(ATTACKS))(
  `%s: none of ${PLEAS.length} pleas gets through, and each is in the log`,
  async (way) => {
    const before = await countRefusals(mesh);
    for (const plea of PLEAS) await ATTACKS[way]?.(plea);
    expect(await countRefusals(mesh)).toBe(before + PLEAS.length);
    const root = mesh.as('user:root');
    for (const id of [ids.people, ids.turn, ids.boss])
      expect(await root.approvals.get(id)).toMatchObject({ status: 'pending', stage: 0, decisions: [] });
    expect((await root.approvals.get(ids.two)).decisions).toMatchObject([
      { actor: 'user:carol', role: 'cfo' },
    ]);
  },
);

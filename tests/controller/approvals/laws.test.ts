import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApprovalDecision } from '../../../src/core/approval.ts';
import { isMeshError } from '../../../src/core/errors.ts';
import { ApprovalPolicy } from '../../../src/core/policy.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { startWork } from '../support/work.ts';

/** Random rules, and everybody trying to decide in random order: only the formula of the rule may settle it. */

const ROLES = ['finance', 'manager', 'legal', 'cfo'] as const;
const ACTORS: Readonly<Record<string, readonly string[]>> = {
  'agent:finance': ['finance'],
  'agent:finance-2': ['finance'],
  'agent:manager': ['manager'],
  'agent:legal': ['legal'],
  'user:alice': ['manager', 'cfo'],
  'user:bob': ['manager'],
  'user:carol': ['legal', 'manager', 'cfo'],
  'user:dan': ['legal', 'cfo', 'finance'],
  'user:gina': ['cfo'],
};
const REQUESTER = 'agent:finance';
const OWNER = 'user:alice';

interface Place {
  readonly role: (typeof ROLES)[number];
  readonly who: 'any' | 'human' | 'agent';
}
/** Each entry wants `need` of its places. A role is named once at most, so that a decision tells its place. */
type Formula = readonly { readonly need: number; readonly of: readonly Place[] }[];

const formula: fc.Arbitrary<Formula> = fc
  .record({
    roles: fc.shuffledSubarray([...ROLES], { minLength: 1 }),
    kinds: fc.array(fc.constantFrom('any' as const, 'human' as const), { minLength: 4, maxLength: 4 }),
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
    need: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ roles, kinds, sizes, need }) => {
    const left = roles.map((role, index) => ({ role, who: kinds[index] ?? 'any' }));
    return sizes.flatMap((size) => {
      const of = left.splice(0, size);
      return of.length === 0 ? [] : [{ need: Math.min(need, of.length), of }];
    });
  });

const RULES = fc.sample(fc.record({ formula, order: fc.constantFrom('together', 'sequence') }), {
  numRuns: 40,
  seed: 20_261_122,
});

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    lease_seconds: 600,
    approvals: ApprovalPolicy.parse({
      version: 1,
      currency: 'USD',
      rules: RULES.map((rule, index) => ({
        id: `rule-${index}`,
        types: [`type-${index}`],
        order: rule.order,
        approvers: rule.formula.map(({ need, of }) => (of.length === 1 ? of[0] : { any: need, of })),
      })),
    }),
    moreClients: ['carol', 'dan', 'gina'].map((name) => ({
      kind: 'user' as const,
      name,
      roles: ACTORS[`user:${name}`] ?? [],
    })),
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const attempt = fc.record({
  actor: fc.constantFrom(...Object.keys(ACTORS)),
  decision: fc.constantFrom<ApprovalDecision>('approve', 'approve', 'approve', 'reject'),
});

/** False: it was refused. */
async function decide(id: string, { actor, decision }: { actor: string; decision: ApprovalDecision }) {
  try {
    await mesh.as(actor).approvals.decide(id, { decision, comment: 'So be it.' });
    return true;
  } catch (error) {
    if (!isMeshError(error)) throw error;
    return false;
  }
}

const isConsent = ({ role, who }: Place) => role === 'finance' && who !== 'human';

test('an approval is settled exactly by the formula of its rule, and by different people who may', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: RULES.length - 1 }),
      fc.array(attempt, { minLength: 3, maxLength: 14 }),
      async (index, attempts) => {
        const rule = RULES[index];
        if (rule === undefined) return;
        const work = await startWork(mesh, { type: `type-${index}` });
        const isMetByAsking = rule.formula.every(({ need, of }) => of.filter(isConsent).length >= need);
        if (isMetByAsking) {
          expect(await work.tools.refuse('request_approval', { reason: 'Please.' })).toMatch(
            /needs no approval/,
          );
          await work.tools.call('complete_task', { outcome: 'approved', summary: 'Done.' });
          return;
        }
        const id = String((await work.tools.call('request_approval', { reason: 'Please.' }))['approval_id']);
        for (const one of attempts) await decide(id, one);
        const { decisions, status } = await mesh.as('user:root').approvals.get(id);

        const actors = decisions.map(({ actor }) => actor);
        expect(new Set(actors).size).toBe(actors.length);
        for (const never of [REQUESTER, OWNER, 'agent:finance-2']) expect(actors).not.toContain(never);
        const places = rule.formula.flatMap(({ of }) => of);
        for (const { role, actor } of decisions) {
          expect(ACTORS[actor]).toContain(role);
          const place = places.find((candidate) => candidate.role === role);
          expect(place?.who === 'human' && actor.startsWith('agent:')).toBe(false);
        }

        const has = (decision: ApprovalDecision) => (place: Place) =>
          (decision === 'approve' && isConsent(place)) ||
          decisions.some((made) => made.role === place.role && made.decision === decision);
        const isLost = rule.formula.some(
          ({ need, of }) => of.length - of.filter(has('reject')).length < need,
        );
        const isMet = rule.formula.every(({ need, of }) => of.filter(has('approve')).length >= need);
        expect(status).toBe(isLost ? 'rejected' : isMet ? 'approved' : 'pending');
        const outcome = work.tools.call('complete_task', { outcome: 'approved', summary: 'Done.' }).then(
          () => 'done',
          () => 'refused',
        );
        expect(await outcome).toBe(status === 'approved' ? 'done' : 'refused');
      },
    ),
    { numRuns: 60 },
  );
});

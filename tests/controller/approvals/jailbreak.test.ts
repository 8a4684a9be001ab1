import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyReceipt } from '../../../src/client/receipt.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { beat } from '../support/lease.ts';
import { countRefusals, mustFail, PLEAS } from '../support/pleas.ts';
import { startReview, startWork, type Work } from '../support/work.ts';

/** Finance with a task that needs an approval, and with another for which it has asked; the receipt of a third. */
async function setTheScene(mesh: TestController) {
  const gated = await startWork(mesh, { amount: 125_000 });
  const asked = await startReview(mesh);
  const legal = await startWork(mesh, { target: 'legal', type: 'question' });
  const settled = await startReview(mesh);
  const { receipt } = await mesh
    .as('agent:manager')
    .approvals.decide(settled.approvalId, { decision: 'approve', comment: 'Yes.' });
  return { gated, legal, approvalId: asked.approvalId, askedTask: asked.work.task, receipt: receipt ?? '' };
}
type Scene = Awaited<ReturnType<typeof setTheScene>>;

let mesh: TestController;
let scene: Scene;
beforeAll(async () => {
  mesh = await startTestController({ lease_seconds: 600 });
  scene = await setTheScene(mesh);
});
afterAll(() => mesh[Symbol.asyncDispose]());

/** Says that an attempt was refused; throws if it got through. */
type Attack = (scene: Scene, plea: string) => Promise<unknown>;

const ATTACKS: Readonly<Record<string, Attack>> = {
  'completing as approved': ({ gated }, summary) =>
    gated.tools.refuse('complete_task', { outcome: 'approved', summary }),
  'completing as done': ({ gated }, summary) =>
    gated.tools.refuse('complete_task', { outcome: 'done', summary }),
  'completing by HTTP': ({ gated: { agent, task, claim } }, text) =>
    mustFail(agent.tasks.complete(task.id, claim.lease_id, { text, outcome: 'approved' })),
  'saying it as the last words': async ({ gated }, text) => {
    const report = { lease_id: gated.claim.lease_id, text, told: [] };
    expect(await gated.agent.tasks.reportTurn(gated.task.id, report)).toMatchObject({ next: 'refused' });
  },
  'approving what it asked for itself': ({ gated, approvalId }, comment) =>
    gated.tools.refuse('decide_approval', { approval_id: approvalId, decision: 'approve', comment }),
  'approving by a replica of the same role': ({ approvalId }, comment) =>
    decide('agent:finance-2', approvalId, comment),
  'approving by another role': ({ legal, approvalId }, comment) =>
    legal.tools.refuse('decide_approval', { approval_id: approvalId, decision: 'approve', comment }),
  'approving by the person for whom it is done': ({ approvalId }, comment) =>
    decide('user:alice', approvalId, comment),
  'asking for another amount': ({ gated }, reason) =>
    gated.tools.refuse('request_approval', { amount: 9_000, reason }),
  'looking into the task of another': ({ legal, gated }) =>
    legal.tools.refuse('fetch_status', { id: gated.task.id }),
};

const decide = (actor: string, id: string, comment: string) =>
  mustFail(mesh.as(actor).approvals.decide(id, { decision: 'approve', comment, role: 'manager' }));

test.each(Object.keys(ATTACKS))(
  `%s: none of ${PLEAS.length} pleas gets through, and each is in the log`,
  async (way) => {
    const before = await countRefusals(mesh);
    for (const plea of PLEAS) {
      const text = plea.replace('{approval}', scene.approvalId).replace('{receipt}', scene.receipt);
      await ATTACKS[way]?.(scene, text);
    }
    expect(await countRefusals(mesh)).toBe(before + PLEAS.length);
    await beat(scene.gated);
    await expectUntouched(scene.gated);
  },
);

async function expectUntouched(gated: Work): Promise<void> {
  const root = mesh.as('user:root');
  expect(await root.tasks.get(gated.task.id)).toMatchObject({
    status: 'active',
    outcome: null,
    result: null,
  });
  expect(await root.approvals.get(scene.approvalId)).toMatchObject({ status: 'pending', decisions: [] });
  expect(await root.tasks.get(scene.askedTask.id)).toMatchObject({ finished_at: null, amount: 125_000 });
}

describe('a receipt', () => {
  test('verifies with none of its characters changed', async () => {
    const jwks = await mesh.as('user:alice').keys();
    const { receipt } = scene;
    await verifyReceipt(receipt, jwks);
    const forged = Array.from(receipt, (character, index) => {
      const other = character === 'A' ? 'B' : 'A';
      return `${receipt.slice(0, index)}${other}${receipt.slice(index + 1)}`;
    });
    // The last character of a part may hold bits that stand for nothing: the same bytes in another spelling.
    const altered = forged.filter((text) => !sameBytes(text, receipt));
    for (const text of altered) await mustFail(verifyReceipt(text, jwks));
    expect(altered.length).toBeGreaterThan(300);
  });
});

function sameBytes(left: string, right: string): boolean {
  const bytes = (text: string) =>
    text
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.');
  return bytes(left) === bytes(right);
}

import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyReceipt } from '../../../src/client/receipt.ts';
import { RECEIPT_TYPE } from '../../../src/core/approval.ts';
import { generateSigningKey, startTestController, type TestController } from '../../support/controller.ts';
import { claimAgain, startReview, startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

async function approve() {
  const { work, approvalId } = await startReview(mesh);
  const approval = await mesh
    .as('agent:manager')
    .approvals.decide(approvalId, { decision: 'approve', comment: 'Yes.' });
  return { work, approval, receipt: approval.receipt ?? '' };
}

const jwks = () => mesh.as('user:alice').keys();

describe('a receipt', () => {
  test('states task, amount, approvers and expiry, and verifies offline', async () => {
    const { work, approval, receipt } = await approve();
    expect(await verifyReceipt(`${receipt}\n`, await jwks())).toMatchObject({
      iss: 'goose-mesh:test',
      jti: approval.id,
      sub: work.task.id,
      amount: 125_000,
      currency: 'USD',
      decision: 'approved',
      approvers: [{ role: 'manager', actor: 'agent:manager' }],
      exp: Math.floor(Date.parse(approval.expires_at) / 1000),
    });
  });

  test('that was altered does not', async () => {
    const { receipt } = await approve();
    const [header = '', payload = '', signature = ''] = receipt.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const altered = Buffer.from(JSON.stringify({ ...claims, amount: 1_250_000 })).toString('base64url');
    await expect(verifyReceipt(`${header}.${altered}.${signature}`, await jwks())).rejects.toThrow(
      'The receipt is not valid: its signature does not match.',
    );
  });

  test('of another mesh does not', async () => {
    const { receipt } = await approve();
    const { d: _secret, ...foreign } = await generateSigningKey();
    await expect(verifyReceipt(receipt, { keys: [{ ...foreign, kid: 'other' }] })).rejects.toThrow(
      'it was signed with a key that this mesh does not have',
    );
    await expect(verifyReceipt(receipt, { keys: [foreign] })).rejects.toThrow('its signature does not match');
  });

  test('that has expired does not', async () => {
    const key = await importJWK(mesh.config.signing_key, 'EdDSA');
    const expired = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test-key', typ: RECEIPT_TYPE })
      .setExpirationTime('-1s')
      .sign(key);
    await expect(verifyReceipt(expired, await jwks())).rejects.toThrow('it has expired');
  });

  test('is not what an access token is', async () => {
    const token = await mesh.as('user:root').token();
    await expect(verifyReceipt(token, await jwks())).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('is given for an approval alone', async () => {
    const { approvalId } = await startReview(mesh);
    const rejected = await mesh
      .as('agent:manager')
      .approvals.decide(approvalId, { decision: 'reject', comment: 'No.' });
    expect(rejected.receipt).toBeNull();
  });
});

describe('an approval', () => {
  test('lets its task complete, once', async () => {
    const { work, approval } = await approve();
    await claimAgain(work);
    const complete = { outcome: 'approved', summary: 'Approved.' };
    const done = await work.tools.call('complete_task', complete);
    expect(await work.tools.call('complete_task', complete)).toEqual(done);
    const used = await mesh.as('user:alice').approvals.get(approval.id);
    expect(used.used_at).not.toBeNull();
    const events = await mesh.sql(`select 1 from events where subject = $1 and kind = 'approval.used'`, [
      `approval:${approval.id}`,
    ]);
    expect(events).toHaveLength(1);
  });

  test('that was used cannot be used again, by nobody', async () => {
    const { work, approval } = await approve();
    await claimAgain(work);
    await work.tools.call('complete_task', { outcome: 'approved', summary: 'Approved.' });
    const again = mesh.sql('update approvals set used_at = null where id = $1', [approval.id]);
    await expect(again).rejects.toThrow(/was used already/);
  });

  test('lets no other task complete', async () => {
    await approve();
    const { tools } = await startWork(mesh, { amount: 125_000 });
    await tools.refuse('complete_task', { outcome: 'approved', summary: 'The other one was approved.' });
  });

  test('is not spent on what needs none', async () => {
    const { work, approval } = await approve();
    await claimAgain(work);
    await work.tools.call('complete_task', { outcome: 'declined', summary: 'We decided otherwise.' });
    expect((await mesh.as('user:alice').approvals.get(approval.id)).used_at).toBeNull();
  });

  test('that nobody used is given again instead of a new one', async () => {
    const { work, approval } = await approve();
    await claimAgain(work);
    expect(await work.tools.call('request_approval', { reason: 'Once more.' })).toMatchObject({
      approval_id: approval.id,
      status: 'approved',
      next: 'Go on.',
    });
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Approval, RECEIPT_TYPE, type ReceiptClaims } from '../../src/core/approval.ts';
import type { Page } from '../../src/core/page.ts';
import { ensureSecrets } from '../../src/mesh/secrets.ts';
import { writeStateFile } from '../../src/mesh/state-file.ts';
import { startReview } from '../controller/support/work.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';

/** A folder of a mesh that is not up, with its keys, and what the mesh has approved before. */
let workspace: Workspace;
let mesh: TestController;
let receipt: string;
let taskId: string;
beforeAll(async () => {
  mesh = await startTestController();
  workspace = await openWorkspace({ 'mesh.yaml': 'name: test\n' });
  const { work, approvalId } = await startReview(mesh);
  const approval = await mesh
    .as('agent:manager')
    .approvals.decide(approvalId, { decision: 'approve', comment: 'Yes.' });
  receipt = approval.receipt ?? '';
  taskId = work.task.id;
  const stateDir = join(workspace.dir, 'state/meshes/test');
  const secrets = await ensureSecrets(stateDir, []);
  await writeStateFile(join(stateDir, 'secrets.json'), { ...secrets, signing_key: mesh.config.signing_key });
  await write('good.jws', `${receipt}\n`);
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await mesh[Symbol.asyncDispose]();
});

const write = (name: string, text: string) => writeFile(join(workspace.dir, name), text);

async function verify(text: string, ...options: readonly string[]) {
  await write('some.jws', text);
  return workspace.run(['approval', 'verify', 'some.jws', ...options]);
}

describe('approval verify', () => {
  test('tells what a receipt states, by the key in the state directory, while the mesh is down', async () => {
    const { code, stdout, stderr } = await workspace.run(['approval', 'verify', 'good.jws']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^The receipt is valid\.\n/);
    expect(stdout).toMatch(new RegExp(`task +${taskId}`));
    expect(stdout).toMatch(/amount +125000 USD\n/);
    expect(stdout).toMatch(/decision +approved\n/);
    expect(stdout).toMatch(/approvers +.*manager: agent:manager\n/s);
    expect(stdout).toMatch(/expires +20\d\d-.*Z/);
    expect(code).toBe(0);
  });

  test('reads standard input, and keys as the controller serves them, in any folder', async () => {
    const served = await fetch(`${mesh.url}/.well-known/jwks.json`);
    await using elsewhere = await openWorkspace({ 'jwks.json': await served.text() });
    const verifying = elsewhere.start(['approval', 'verify', '-', '--keys', 'jwks.json', '--json']);
    verifying.stdin.end(receipt);
    const { exitCode, stdout } = await verifying;
    expect(JSON.parse(stdout)).toMatchObject({ sub: taskId, amount: 125_000, decision: 'approved' });
    expect(exitCode).toBe(0);
  });

  test('exits with 1 for a receipt whose amount was altered', async () => {
    const [header = '', payload = '', signature = ''] = receipt.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as ReceiptClaims;
    const altered = Buffer.from(JSON.stringify({ ...claims, amount: 1 })).toString('base64url');
    const { code, stdout, stderr } = await verify(`${header}.${altered}.${signature}`);
    expect(stderr).toContain('The receipt is not valid: its signature does not match.');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('exits with 1 for a receipt of another mesh', async () => {
    await using other = await openWorkspace({ 'mesh.yaml': 'name: other\n', 'good.jws': receipt });
    await ensureSecrets(join(other.dir, 'state/meshes/other'), []);
    const { code, stderr } = await other.run(['approval', 'verify', 'good.jws']);
    expect(stderr).toContain('it was signed with a key that this mesh does not have');
    expect(code).toBe(1);
  });

  test('exits with 1 for a receipt that has expired', async () => {
    const expired = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test-key', typ: RECEIPT_TYPE })
      .setExpirationTime('-1s')
      .sign(await importJWK(mesh.config.signing_key, 'EdDSA'));
    const { code, stderr } = await verify(expired);
    expect(stderr).toContain('it has expired');
    expect(code).toBe(1);
  });

  test('exits with 1 for a receipt that nobody signed', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: RECEIPT_TYPE })).toString('base64url');
    const { code, stderr } = await verify(`${header}.${receipt.split('.')[1] ?? ''}.`);
    expect(stderr).toContain('it is not signed with EdDSA');
    expect(code).toBe(1);
  });

  test.each([
    ['nothing', () => ''],
    ['a text', () => 'Approved. The manager.'],
    ['JSON', () => '{"decision":"approved"}'],
    ['an access token', () => mesh.as('user:root').token()],
    ['bytes', () => '\u0000\u001b[2J'],
  ])('exits with 2 for %s, which is no receipt', async (_what, make) => {
    const { code, stderr } = await verify(await make());
    expect(stderr).toContain('Expected the receipt of an approval');
    expect(code).toBe(2);
  });

  test.each([
    ['a receipt that is not there', ['none.jws'], 'Cannot read the receipt in none.jws'],
    ['keys that are not there', ['good.jws', '--keys', 'none.json'], 'Cannot read the keys in none.json'],
    [
      'keys that are none',
      ['good.jws', '--keys', 'good.jws'],
      'Expected a JWK set with Ed25519 keys in good.jws',
    ],
  ])('exits with 2 for %s', async (_what, args, message) => {
    const { code, stderr } = await workspace.run(['approval', 'verify', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('says how to get the keys of a mesh that was never up here', async () => {
    await using elsewhere = await openWorkspace({ 'good.jws': receipt });
    const { code, stderr } = await elsewhere.run(['approval', 'verify', 'good.jws']);
    expect(stderr).toMatch(/This machine has no keys of the mesh .*\n {2}Try: .*--keys FILE/);
    expect(code).toBe(3);
  });
});

test('approval receipt prints nothing but the receipt, which then verifies also when the mesh is down', async () => {
  await using workspace = await openWorkspace({
    'mesh.yaml': 'agents: [{ role: finance }, { role: manager }]\n',
  });
  await workspace.run(['up', '--engine', 'process']);
  await workspace.json('test', 'scenario', 'expense-approval');
  const { items } = await workspace.json<Page<Approval>>('approval', 'list');
  const id = items[0]?.id ?? '';
  const { stdout } = await workspace.run(['approval', 'receipt', id]);
  expect(await workspace.json('approval', 'receipt', id)).toEqual({ receipt: stdout });
  await workspace.run(['down']);
  await writeFile(join(workspace.dir, 'good.jws'), stdout);
  expect(await workspace.json('approval', 'verify', 'good.jws')).toMatchObject({ jti: id });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrivacyPolicy } from '../../src/core/privacy.ts';
import { readProfile, startTestController, type TestController } from '../support/controller.ts';
import { startProvider, type TestProvider } from './support/provider.ts';
import { joinGuard } from './support/real.ts';

const privacy = PrivacyPolicy.parse({ may_override: ['auto', 'strict', 'bypass'] });

let mesh: TestController;
let provider: TestProvider;
beforeAll(async () => {
  const profiles = await Promise.all(['finance', 'manager', 'legal'].map(readProfile));
  mesh = await startTestController({ profiles: profiles.map((profile) => ({ ...profile, privacy })) });
  provider = await startProvider();
});
afterAll(async () => {
  await provider.close();
  await mesh[Symbol.asyncDispose]();
});

const rowsOf = async (mode: string) =>
  (await mesh.as('user:root').guard.calls({ agent: 'finance' })).items.filter((row) => row.mode === mode);

test('a mode that an admin sets is in force without a restart, and audited', async () => {
  await using guard = await joinGuard(mesh, provider, { privacy });
  const admin = mesh.as('user:root');
  await guard.chat('to jane@acme.io');
  expect(provider.received.at(-1)?.body).not.toContain('jane@acme.io');
  await admin.guard.setMode('finance', 'bypass');
  await expect.poll(() => bodyAfter(guard)).toContain('jane@acme.io');
  await admin.guard.setMode('finance', 'strict');
  await expect.poll(() => bodyAfter(guard)).not.toContain('jane@acme.io');
  await expect.poll(() => rowsOf('bypass')).not.toEqual([]);
  await expect.poll(() => rowsOf('strict')).not.toEqual([]);
  await admin.guard.setMode('finance', null);
});

test('a guard that starts later begins with the mode that was set', async () => {
  await mesh.as('user:root').guard.setMode('finance', 'bypass');
  await using guard = await joinGuard(mesh, provider, { privacy });
  expect(await bodyAfter(guard)).toContain('jane@acme.io');
  await mesh.as('user:root').guard.setMode('finance', null);
});

test('while the controller is away the last mode holds', async () => {
  await using away = await startTestController({ profiles: mesh.config.profiles });
  await away.as('user:root').guard.setMode('finance', 'bypass');
  await using guard = await joinGuard(away, provider, { privacy });
  const token = await away.as('agent:finance').token();
  await away.stop();
  await fetch(`${guard.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'to jane@acme.io' }] }),
  });
  expect(provider.received.at(-1)?.body).toContain('jane@acme.io');
});

async function bodyAfter(guard: { chat(content: string): Promise<Response> }): Promise<string | undefined> {
  await (await guard.chat('to jane@acme.io')).text();
  return provider.received.at(-1)?.body;
}

import type { JWTPayload } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { startController } from './support/controller.ts';
import { ask, runGuard } from './support/guard.ts';

interface BadToken {
  readonly claims?: JWTPayload;
  readonly header?: { readonly typ?: string; readonly kid?: string };
}

afterEach(() => {
  vi.useRealTimers();
});

const LONG_AGO = 1_700_000_000;

test.each<[string, BadToken]>([
  ['is of another mesh', { claims: { iss: 'goose-mesh:other' } }],
  ['is for another audience', { claims: { aud: 'other' } }],
  ['is of another type', { header: { typ: 'JWT' } }],
  ['is signed with an unknown key', { header: { kid: 'k2' } }],
  ['has an unknown kind', { claims: { kind: 'robot' } }],
])('a token that %s is refused', async (_case, { claims, header }) => {
  await using guard = await runGuard();
  const authorization = `Bearer ${await guard.controller.token(claims, header)}`;
  const answer = await guard.chat(ask('Hi'), { headers: { authorization } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(await answer.json()).toEqual({
    error: {
      message: 'The token is not a valid token of this mesh.',
      type: 'authentication_error',
      code: 'unauthenticated',
    },
  });
  expect(guard.provider.received).toEqual([]);
});

test('an expired token is refused with that reason', async () => {
  await using guard = await runGuard();
  const authorization = `Bearer ${await guard.controller.token({ exp: LONG_AGO })}`;
  const answer = await guard.chat(ask('Hi'), { headers: { authorization } });
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('The token has expired.');
});

test('a token that was good is refused once it has expired', async () => {
  await using guard = await runGuard();
  const exp = Math.floor(Date.now() / 1000) + 60;
  const headers = { authorization: `Bearer ${await guard.controller.token({ exp })}` };
  expect((await guard.chat(ask('Hi'), { headers })).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: (exp + 4) * 1000 });
  expect((await guard.chat(ask('Hi'), { headers })).status).toBe(200);
  vi.setSystemTime((exp + 6) * 1000);
  const answer = await guard.chat(ask('Hi'), { headers });
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('The token has expired.');
});

test('a token signed by another controller is refused', async () => {
  await using guard = await runGuard();
  await using other = await startController();
  const authorization = `Bearer ${await other.token()}`;
  expect((await guard.chat(ask('Hi'), { headers: { authorization } })).status).toBe(401);
});

test.each(['', 'Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer x'])(
  'the header %j is refused',
  async (authorization) => {
    await using guard = await runGuard();
    expect((await guard.chat(ask('Hi'), { headers: { authorization } })).status).toBe(401);
  },
);

test.each([
  ['another agent', { sub: 'legal' }],
  ['a person', { sub: 'finance', kind: 'user' }],
  ['an admin', { sub: 'finance', kind: 'admin' }],
])('a valid token of %s is refused with 403', async (_who, claims) => {
  await using guard = await runGuard();
  const authorization = `Bearer ${await guard.controller.token(claims)}`;
  const answer = await guard.chat(ask('Hi'), { headers: { authorization } });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { type: 'permission_error', code: 'forbidden' } });
});

test('keys stay known while the controller is away', async () => {
  await using guard = await runGuard();
  const headers = await guard.authorization();
  await guard.controller.close();
  expect((await guard.chat(ask('Hi'), { headers })).status).toBe(200);
  expect((await fetch(`${guard.url}/health/ready`)).status).toBe(200);
});

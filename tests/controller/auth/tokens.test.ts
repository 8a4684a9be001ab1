import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    moreClients: [{ kind: 'user', name: 'finance', roles: [] }],
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

function ask(form: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${mesh.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
}

const askAs = (actor: string, more: Readonly<Record<string, string>> = {}) =>
  ask({ grant_type: 'client_credentials', ...mesh.credentialsOf(actor), ...more });

describe('the token endpoint', () => {
  test('gives a bearer token for minutes, which nobody may cache', async () => {
    const response = await askAs('agent:finance');
    const body = (await response.json()) as { access_token: string };
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(decodeJwt(body.access_token)).toMatchObject({ sub: 'finance', kind: 'agent', roles: ['finance'] });
  });

  test.each([
    { what: 'a wrong secret', credentials: { client_id: 'user:root', client_secret: 'guess' } },
    {
      what: 'a client that there is not',
      credentials: { client_id: 'user:mallory', client_secret: 'guess' },
    },
  ])('refuses $what in the same words', async ({ credentials }) => {
    const problem = await problemOf(
      await ask({ grant_type: 'client_credentials', ...credentials }),
      'unauthenticated',
    );
    expect(problem.detail).toBe('There is no client with this id and secret.');
  });

  test('takes the secret of no other client', async () => {
    const { client_secret } = mesh.credentialsOf('user:alice');
    await problemOf(await askAs('user:root', { client_secret }), 'unauthenticated');
  });

  test('knows no other grant', async () => {
    await problemOf(await askAs('user:root', { grant_type: 'password' }), 'invalid_request');
  });

  test('takes a form, not JSON', async () => {
    const response = await fetch(`${mesh.url}/oauth/token`, {
      method: 'POST',
      body: JSON.stringify(mesh.credentialsOf('user:root')),
      headers: { 'content-type': 'application/json' },
    });
    const problem = await problemOf(response, 'unsupported_media_type');
    expect(problem.detail).toContain('x-www-form-urlencoded');
    expect(problem.title).not.toContain('JSON');
  });
});

describe('a token for a session', () => {
  const lease_id = crypto.randomUUID();

  test('names it, and the lease under which it is worked on', async () => {
    const { sessionId, claim } = await startWork(mesh);
    const binding = { session_id: sessionId, lease_id: claim.lease_id };
    const { access_token } = (await (await askAs('agent:finance', binding)).json()) as {
      access_token: string;
    };
    expect(decodeJwt(access_token)).toMatchObject({ sid: sessionId, lease_id: claim.lease_id });
  });

  test.each(['agent:finance-2', 'agent:manager', 'user:alice', 'user:root', 'guard:finance', 'user:finance'])(
    'is refused to %s, whose session it is not',
    async (actor) => {
      const { sessionId } = await startWork(mesh);
      await problemOf(await askAs(actor, { session_id: sessionId, lease_id }), 'forbidden');
    },
  );

  test('is refused for a session that there is not, in the same words', async () => {
    const session_id = crypto.randomUUID();
    const problem = await problemOf(await askAs('agent:finance', { session_id, lease_id }), 'forbidden');
    expect(problem.detail).toBe(`Session ${session_id} is not one of agent:finance.`);
  });

  test.each([{ session_id: lease_id }, { lease_id }])(
    'is asked for with session and lease, not %j',
    async (half) => {
      const problem = await problemOf(await askAs('agent:finance', half), 'invalid_request');
      expect(problem.detail).toContain('session_id and lease_id together');
    },
  );
});

describe('an agent', () => {
  const report = { instance: crypto.randomUUID(), status: 'ready' } as const;

  test('reports about itself alone', async () => {
    expect(await refusalOf(mesh.as('agent:finance').agents.register('legal', report))).toBe('forbidden');
    expect(await mesh.as('agent:finance').agents.register('finance', report)).toMatchObject({
      name: 'finance',
      role: 'finance',
    });
  });

  test('reads the profile of its own role alone', async () => {
    expect((await mesh.as('agent:finance').profiles.get('finance')).role).toBe('finance');
    expect(await refusalOf(mesh.as('agent:finance').profiles.get('legal'))).toBe('forbidden');
  });
});

test('the public keys hold nothing secret', async () => {
  const { keys } = await mesh.as('user:alice').keys();
  expect(keys).toEqual([
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.any(String) as string,
      kid: 'test-key',
      alg: 'EdDSA',
      use: 'sig',
    },
  ]);
});

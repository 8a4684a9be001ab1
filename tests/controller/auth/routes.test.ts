import { randomUUID } from 'node:crypto';
import { type CryptoKey, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKeys } from '../../../src/controller/auth/keys.ts';
import { RECEIPT_TYPE } from '../../../src/core/approval.ts';
import { ControllerConfig } from '../../../src/core/config.ts';
import { AUDIENCE, type PrincipalKind, TOKEN_TYPE } from '../../../src/core/identity.ts';
import { generateSigningKey, startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';

/** Every route, and who may use it. What is missing here is found by the first test. */
const ROUTES: Readonly<Record<string, readonly PrincipalKind[] | 'public'>> = {
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'POST /oauth/token': 'public',
  'GET /.well-known/jwks.json': 'public',
  'POST /sessions': ['admin', 'user'],
  'GET /sessions': ['admin', 'user', 'agent'],
  'GET /sessions/{id}': ['admin', 'user', 'agent'],
  'PATCH /sessions/{id}': ['admin', 'user'],
  'DELETE /sessions/{id}': ['admin', 'user'],
  'PUT /sessions/{id}/events': ['admin', 'user', 'agent'],
  'GET /sessions/{id}/transitions': ['admin', 'user', 'agent'],
  'PUT /sessions/{id}/conversation': ['agent'],
  'POST /sessions/{id}/activity': ['agent'],
  'POST /tasks/route': ['admin', 'user', 'agent'],
  'GET /tasks': ['admin', 'user', 'agent'],
  'GET /tasks/{id}': ['admin', 'user', 'agent'],
  'GET /tasks/{id}/attempts': ['admin', 'user', 'agent'],
  'POST /tasks/{id}/retry': ['admin', 'user'],
  'PATCH /tasks/{id}': ['admin', 'user'],
  'POST /tasks/{id}/cancel': ['admin', 'user'],
  'POST /tasks/claim': ['agent'],
  'POST /tasks/{id}/heartbeat': ['agent'],
  'POST /tasks/{id}/complete': ['agent'],
  'POST /tasks/{id}/fail': ['agent'],
  'POST /tasks/{id}/turn': ['agent'],
  'POST /approvals': ['agent'],
  'GET /approvals': ['admin', 'user', 'agent'],
  'GET /approvals/{id}': ['admin', 'user', 'agent'],
  'POST /approvals/{id}/decisions': ['admin', 'user', 'agent'],
  'GET /policies/current': ['admin', 'user'],
  'GET /policies/{digest}': ['admin', 'user'],
  'GET /agents': ['admin', 'user', 'agent'],
  'PUT /agents/{name}': ['agent'],
  'POST /agents/{name}/retire': ['admin'],
  'GET /profiles/{role}': ['admin', 'agent', 'guard'],
  'GET /events': ['admin', 'user', 'agent', 'guard'],
  'GET /audit/seals': ['admin'],
  'GET /audit/events': ['admin'],
  'POST /guard/calls': ['guard'],
  'GET /guard/calls': ['admin'],
  'POST /guard/permits': ['guard'],
  'GET /guard/modes': ['admin', 'guard'],
  'PUT /guard/modes/{role}': ['admin'],
  'GET /migrations': ['admin'],
  'POST /migrations': ['admin'],
  'GET /metrics': ['admin'],
  'POST /mcp': ['agent'],
  'GET /openapi.json': ['admin', 'user', 'agent', 'guard'],
};
const PROTECTED = Object.keys(ROUTES).filter((route) => ROUTES[route] !== 'public');
const ACTOR = {
  admin: 'user:root',
  user: 'user:alice',
  agent: 'agent:finance',
  guard: 'guard:finance',
} as const;

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

function request(route: string, authorization?: string): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const url = `${mesh.url}${path.replace('{id}', randomUUID()).replace('{name}', 'legal').replace('{role}', 'legal')}`;
  return fetch(url, { method, headers: authorization === undefined ? {} : { authorization } });
}

test('the table above has every route of /openapi.json, and says which need no token', async () => {
  const api = (await (await mesh.fetch('user:root', '/openapi.json')).json()) as {
    paths: Record<string, Record<string, { security?: unknown[] }>>;
  };
  const described = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => {
      return { route: `${method.toUpperCase()} ${path}`, isPublic: security?.length === 0 };
    }),
  );
  const expected = Object.entries(ROUTES).map(([route, kinds]) => ({ route, isPublic: kinds === 'public' }));
  expect(new Set(described)).toEqual(new Set(expected));
});

describe('a route refuses with 401', () => {
  const claims = { kind: 'admin', roles: [] };
  let own: CryptoKey;
  let foreign: CryptoKey;
  beforeAll(async () => {
    own = (await loadKeys(mesh.config.signing_key)).privateKey;
    foreign = (await loadKeys(ControllerConfig.shape.signing_key.parse(await generateSigningKey())))
      .privateKey;
  });

  interface Forgery {
    readonly key?: () => CryptoKey;
    readonly issuer?: string;
    readonly audience?: string;
    readonly typ?: string;
    readonly expiry?: string;
    readonly body?: Record<string, unknown>;
  }

  function sign(forgery: Forgery): Promise<string> {
    return new SignJWT(forgery.body ?? claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test-key', typ: forgery.typ ?? TOKEN_TYPE })
      .setSubject('root')
      .setIssuer(forgery.issuer ?? 'goose-mesh:test')
      .setAudience(forgery.audience ?? AUDIENCE)
      .setExpirationTime(forgery.expiry ?? '1h')
      .sign((forgery.key ?? (() => own))());
  }

  const unsigned = () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = { ...claims, sub: 'root', iss: 'goose-mesh:test', aud: AUDIENCE, exp: 4_000_000_000 };
    return `${part({ alg: 'none', typ: TOKEN_TYPE })}.${part(body)}.`;
  };

  test('what the forgeries are made of would pass if it were right', async () => {
    expect((await request('GET /migrations', `Bearer ${await sign({})}`)).status).toBe(200);
  });

  const TOKENS: Readonly<Record<string, () => string | undefined | Promise<string>>> = {
    'without a token': () => undefined,
    'with another scheme': () => `Basic ${btoa('root:root')}`,
    'with nonsense': () => 'Bearer nonsense',
    'with an expired token': async () => `Bearer ${await sign({ expiry: '-1s' })}`,
    'with a token of another mesh': async () => `Bearer ${await sign({ key: () => foreign })}`,
    'with a token of another issuer': async () => `Bearer ${await sign({ issuer: 'goose-mesh:other' })}`,
    'with a token for another audience': async () => `Bearer ${await sign({ audience: 'elsewhere' })}`,
    'with an unsigned token': () => `Bearer ${unsigned()}`,
    'with a receipt': async () => `Bearer ${await sign({ typ: RECEIPT_TYPE })}`,
    'with a kind that there is not': async () =>
      `Bearer ${await sign({ body: { kind: 'owner', roles: [] } })}`,
  };

  test.each(Object.keys(TOKENS))('%s', async (name) => {
    const authorization = await TOKENS[name]?.();
    for (const route of PROTECTED) {
      const response = await request(route, authorization);
      await problemOf(response, 'unauthenticated');
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test.each([
    ['GET /elsewhere', undefined],
    ['PATCH /sessions', undefined],
  ])('%s, which there is not', async (route, authorization) => {
    await problemOf(await request(route, authorization), 'unauthenticated');
  });
});

test.each(PROTECTED)('%s refuses the wrong kind of caller with 403', async (route) => {
  for (const [kind, actor] of Object.entries(ACTOR)) {
    if (ROUTES[route]?.includes(kind as PrincipalKind) === true) continue;
    const token = await mesh.as(actor).token();
    const problem = await problemOf(await request(route, `Bearer ${token}`), 'forbidden');
    expect(problem.detail).toContain(`${actor} (${kind}) lacks the right`);
  }
});

import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair } from 'jose';
import pg from 'pg';
import { pino } from 'pino';
import { parse } from 'yaml';
import { createClient } from '../../src/client/client.ts';
import { startController } from '../../src/controller/start.ts';
import { ControllerConfig } from '../../src/core/config.ts';
import { clientIdOf, type PrincipalKind } from '../../src/core/identity.ts';
import { ApprovalPolicy } from '../../src/core/policy.ts';
import { Profile } from '../../src/core/profile.ts';
import { createTestDatabase } from './postgres.ts';

const ROLES = ['finance', 'manager', 'legal'];

interface TestClient {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly roles: readonly string[];
}

const CLIENTS: readonly TestClient[] = [
  { kind: 'admin', name: 'root', roles: [] },
  { kind: 'user', name: 'alice', roles: [] },
  { kind: 'user', name: 'bob', roles: ['manager'] },
  ...ROLES.map((role) => ({ kind: 'agent', name: role, roles: [role] }) as const),
  { kind: 'agent', name: 'finance-2', roles: ['finance'] },
  ...ROLES.map((role) => ({ kind: 'guard', name: role, roles: [] }) as const),
];

type Overrides = Partial<
  Pick<
    ControllerConfig,
    | 'lease_seconds'
    | 'agent_gone_seconds'
    | 'token_seconds'
    | 'session_retention_days'
    | 'session_timeouts'
    | 'profiles'
    | 'approvals'
    | 'people'
    | 'prices'
  >
> & {
  /** Beside those that every test controller knows. */
  readonly moreClients?: readonly TestClient[];
};

/** A real controller on a database of its own, with the profiles and the policy of the package. */
export async function startTestController({ moreClients = [], ...overrides }: Overrides = {}) {
  const database = await createTestDatabase();
  const clients = [...CLIENTS, ...moreClients];
  const secrets = new Map(
    clients.map((client) => [clientIdOf(client), randomBytes(32).toString('base64url')]),
  );
  const config = ControllerConfig.parse({
    part: 'controller',
    mesh: 'test',
    listen: { host: '127.0.0.1', port: 0 },
    database: { url: database.url },
    signing_key: await generateSigningKey(),
    clients: clients.map((client) => ({
      ...client,
      secret_sha256: sha256(secrets.get(clientIdOf(client)) ?? ''),
    })),
    profiles: await Promise.all(ROLES.map((role) => readProfile(role))),
    approvals: ApprovalPolicy.parse(await readYaml('policies/approvals.yaml')),
    ...overrides,
  });
  const controller = await startController(config, pino({ level: process.env['GM_TEST_LOG'] ?? 'silent' }));
  const url = `http://127.0.0.1:${controller.port ?? 0}`;
  const open: { close(): Promise<void> }[] = [];
  const raw = new pg.Pool({ connectionString: database.url, max: 4 });
  // A connection that is on its way out may still be told that its database goes.
  raw.on('error', () => undefined);

  return {
    url,
    config,
    databaseUrl: database.url,
    /** A client with the identity of an actor such as `agent:finance`; admins are `user:root`. */
    as(actor: string, options: { session?: { id: string; leaseId: string } } = {}) {
      const client = createClient({ baseUrl: this.url, credentials: credentialsOf(actor), ...options });
      open.push(client);
      return client;
    },
    credentialsOf,
    /** One statement by hand, past the controller. */
    async sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      return (await raw.query<Row>(text, [...values])).rows;
    },
    /** One HTTP request with the token of an actor. */
    async fetch(
      actor: string | undefined,
      path: string,
      init: RequestInit & { session?: { id: string; leaseId: string } } = {},
    ) {
      const token = actor === undefined ? undefined : await this.as(actor, init).token();
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      if (init.body != null && !headers.has('content-type')) headers.set('content-type', 'application/json');
      return fetch(`${this.url}${path}`, { ...init, headers });
    },
    /** Ends the controller; its database stays. */
    stop: () => controller.close(),
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((client) => client.close()));
      await controller.close();
      await raw.end();
      await database[Symbol.asyncDispose]();
    },
  };

  function credentialsOf(actor: string) {
    return { client_id: actor, client_secret: secrets.get(actor) ?? 'nobody' };
  }
}

export type TestController = Awaited<ReturnType<typeof startTestController>>;

export async function generateSigningKey() {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'test-key' };
}

export async function readProfile(role: string): Promise<Profile> {
  return Profile.parse(await readYaml(`profiles/${role}.yaml`));
}

async function readYaml(path: string): Promise<unknown> {
  return parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8'));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

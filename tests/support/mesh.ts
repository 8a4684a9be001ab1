import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startAgent } from '../../src/agent/start.ts';
import { hasBudget } from '../../src/core/budget.ts';
import type { AgentConfig } from '../../src/core/config.ts';
import type { Profile } from '../../src/core/profile.ts';
import { startGuard } from '../../src/guard/start.ts';
import { startModel } from '../../src/scenario/rehearsal/start.ts';
import { startTestController } from './controller.ts';

/** A whole mesh in this process: real PostgreSQL, real Goose, everything over HTTP, only no engine. */
export async function startTestMesh(
  roles: readonly string[],
  options: {
    /** Base URL of another model than the scripted one. */
    readonly upstream?: string;
    readonly controller?: Parameters<typeof startTestController>[0];
  } = {},
) {
  const resources = new AsyncDisposableStack();
  const log = pino({ level: process.env['GM_TEST_LOG'] ?? 'silent' });
  const dataDir = await mkdtemp(join(tmpdir(), 'gm-mesh-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const controller = resources.use(await startTestController(options.controller));
  const keys = { api_key: secret(), admin_key: secret() };
  const loopback = { host: '127.0.0.1', port: 0 };
  const model = await startModel({ part: 'model', listen: loopback, ...keys }, log);
  resources.defer(() => model.close());
  const modelUrl = `http://127.0.0.1:${model.port ?? 0}`;
  const mask_key = secret();
  for (const role of roles) {
    const agent = await startAgent(await configure(role, role), log);
    resources.defer(() => agent.close());
  }
  return {
    controller,
    dataDir,
    model: { url: modelUrl, adminKey: keys.admin_key },
    configure,
    /** Starts an agent more; it ends with the mesh. */
    async join(config: AgentConfig): Promise<void> {
      const agent = await startAgent(config, log);
      resources.defer(() => agent.close());
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };

  /** The configuration of an agent whose guard is there. */
  async function configure(name: string, role: string): Promise<AgentConfig> {
    const { privacy, limits, budgets } = profileOf(controller.config.profiles, role);
    const guard = await startGuard(
      {
        part: 'guard',
        mesh: 'test',
        listen: loopback,
        controller: { url: controller.url },
        client: controller.credentialsOf(`guard:${name}`),
        agent: name,
        role,
        mask_key,
        privacy,
        limits,
        budgeted: hasBudget(budgets),
        upstream: {
          base_url: options.upstream ?? `${modelUrl}/v1`,
          api_key: keys.api_key,
          private_hosts: ['127.0.0.1', 'localhost'],
        },
      },
      log,
    );
    resources.defer(() => guard.close());
    return {
      part: 'agent',
      mesh: 'test',
      controller: { url: controller.url },
      guard: { url: `http://127.0.0.1:${guard.port ?? 0}` },
      client: controller.credentialsOf(`agent:${name}`),
      name,
      role,
      model: `rehearsal-${role}`,
      data_dir: join(dataDir, name),
    };
  }
}

function profileOf(profiles: readonly Profile[], role: string): Profile {
  const profile = profiles.find((candidate) => candidate.role === role);
  if (profile === undefined) throw new Error(`there is no profile of ${role}`);
  return profile;
}

const secret = () => randomBytes(32).toString('base64url');

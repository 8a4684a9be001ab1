import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { createClient } from '../../src/client/client.ts';
import type { PartConfig } from '../../src/core/config.ts';
import { clientIdOf } from '../../src/core/identity.ts';
import { listClients, listServices, makePlan } from '../../src/mesh/make-plan.ts';
import { loadMeshFile } from '../../src/mesh/mesh-file.ts';
import { loadRules } from '../../src/mesh/rules.ts';
import { ensureSecrets } from '../../src/mesh/secrets.ts';

const BIN = fileURLToPath(new URL('../../bin/goose-mesh.js', import.meta.url));

/** A database and a controller as processes of their own, without agents: the bench plays them. */
export async function startBenchController() {
  const resources: (() => Promise<unknown>)[] = [];
  const dir = await mkdtemp('/var/tmp/gm-bench-').catch(() => mkdtemp(join(tmpdir(), 'gm-bench-')));
  await execa('chmod', ['711', dir]);
  resources.push(() => rm(dir, { recursive: true, force: true }));
  const spec = await loadMeshFile(dir);
  const secrets = await ensureSecrets(join(dir, 'state'), listClients(spec).map(clientIdOf));
  const ports = new Map<string, number>();
  for (const service of listServices(spec)) ports.set(service, await findPort());
  const portOf = (service: string) => ports.get(service) ?? 0;
  const plan = makePlan({
    spec,
    rules: await loadRules(spec),
    secrets,
    site: {
      listen: (service) => ({ host: '127.0.0.1', port: portOf(service) }),
      url: (service) => `http://127.0.0.1:${portOf(service)}`,
      dataDir: (service) => join(dir, service),
      outside: (url) => url,
    },
    modelKey: '',
    retentionDays: 30,
  });
  for (const name of ['database', 'controller']) {
    const config = plan.services.find((service) => service.name === name)?.config;
    if (config !== undefined) resources.unshift((await startPart(dir, config)).close);
  }
  const url = `http://127.0.0.1:${portOf('controller')}`;
  return {
    url,
    databaseUrl: `postgres://mesh:${secrets.database_password}@127.0.0.1:${portOf('database')}/mesh`,
    as(actor: string) {
      const client_secret = secrets.clients[actor] ?? '';
      const client = createClient({ baseUrl: url, credentials: { client_id: actor, client_secret } });
      resources.unshift(() => client.close());
      return client;
    },
    /** The guard of an agent, before another model; gives its URL and the id of its process. */
    async startGuard(agent: string, model: string) {
      const name = `guard-${agent}`;
      const config = plan.services.find((service) => service.name === name)?.config;
      if (config?.part !== 'guard') throw new Error(`there is no ${name}`);
      const before = { ...config.upstream, base_url: `${model}/v1` };
      const { pid, close } = await startPart(dir, { ...config, upstream: before });
      resources.unshift(close);
      return { url: `http://127.0.0.1:${portOf(name)}`, pid };
    },
    async [Symbol.asyncDispose]() {
      for (const close of resources) await close();
    },
  };
}

/** Resolves, with the way to end it, when the part is ready. */
async function startPart(dir: string, config: PartConfig) {
  const path = join(dir, `${config.part}.json`);
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  const child = execa(process.execPath, [BIN, 'serve', config.part, '--config', path], { reject: false });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"msg":"ready"')) break;
  }
  const close = async () => {
    child.kill('SIGTERM');
    await child;
  };
  return { pid: child.pid ?? 0, close };
}

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

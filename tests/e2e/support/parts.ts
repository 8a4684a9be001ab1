import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { createClient } from '../../../src/client/client.ts';
import { clientIdOf } from '../../../src/core/identity.ts';
import { LogFile } from '../../../src/mesh/engines/process/supervisor/log-file.ts';
import { type PartProcess, spawnPart } from '../../../src/mesh/engines/process/supervisor/part-process.ts';
import { listClients, listServices, makePlan } from '../../../src/mesh/make-plan.ts';
import { loadMeshFile } from '../../../src/mesh/mesh-file.ts';
import type { ServicePlan } from '../../../src/mesh/plan.ts';
import { loadRules } from '../../../src/mesh/rules.ts';
import { ensureSecrets } from '../../../src/mesh/secrets.ts';

/** How long a client waits for parts that are being killed. */
const PATIENCE_MS = 120_000;

/**
 * A whole mesh, each part a process of its own as the process engine starts them, which a test kills as it likes: what
 * dies is started again at once, where an engine would wait longer after each death.
 */
export async function startParts({ only }: { readonly only?: readonly string[] } = {}) {
  const resources = new AsyncDisposableStack();
  const dir = await mkdtemp('/var/tmp/gm-parts-');
  resources.defer(() => rm(dir, { recursive: true, force: true }));
  await chmod(dir, 0o711);
  const spec = await loadMeshFile(dir);
  const secrets = await ensureSecrets(join(dir, 'state'), listClients(spec).map(clientIdOf));
  const ports = new Map<string, number>();
  for (const service of listServices(spec)) ports.set(service, await findPort());
  const portOf = (service: string) => ports.get(service) ?? 0;
  const dataDir = (service: string) => join(dir, service);
  const url = (service: string) => `http://127.0.0.1:${portOf(service)}`;
  const { services } = makePlan({
    spec,
    rules: await loadRules(spec),
    secrets,
    site: {
      listen: (service) => ({ host: '127.0.0.1', port: portOf(service) }),
      url,
      dataDir,
      outside: (given) => given,
    },
    modelKey: '',
    retentionDays: 30,
  });
  const parts = new Map<string, KeptPart>();
  for (const service of services.filter(({ name }) => only?.includes(name) ?? true)) {
    const part = await keep(dir, service);
    parts.set(service.name, part);
    resources.defer(() => part.close());
  }
  await Promise.all([...parts.values()].map((part) => part.untilReady()));

  const databaseUrl = `postgres://mesh:${secrets.database_password}@127.0.0.1:${portOf('database')}/mesh`;
  const partOf = (service: string): KeptPart => {
    const part = parts.get(service);
    if (part === undefined) throw new Error(`there is no service ${service}`);
    return part;
  };
  return {
    dir,
    model: { url: url('model'), adminKey: secrets.model_admin_key },
    url: url('controller'),
    as(actor: string, { retryForMs = PATIENCE_MS } = {}) {
      const client_secret = secrets.clients[actor] ?? '';
      const credentials = { client_id: actor, client_secret };
      const client = createClient({ baseUrl: url('controller'), credentials, retryForMs });
      resources.defer(() => client.close());
      return client;
    },
    /** Ends a part, or the PostgreSQL server below its part, as a crash would. */
    async kill(victim: string): Promise<void> {
      if (victim === 'postgres') process.kill(await readServerPid(dataDir('database')), 'SIGKILL');
      else partOf(victim).kill();
    },
    pidOf: (service: string) => partOf(service).pid(),
    /** Keeps a part from running until it is disposed. */
    hold: (service: string) => partOf(service).hold(),
    async sql<Row extends Record<string, unknown>>(text: string): Promise<Row[]> {
      const client = new pg.Client(databaseUrl);
      await client.connect();
      try {
        return (await client.query<Row>(text)).rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export type Parts = Awaited<ReturnType<typeof startParts>>;

type KeptPart = Awaited<ReturnType<typeof keep>>;

/** Starts a part, and starts it again whenever it ends. */
async function keep(dir: string, { name, config, limits, after }: ServicePlan) {
  const configFile = join(dir, `${name}.json`);
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });
  await mkdir(join(dir, 'logs'), { recursive: true });
  const log = new LogFile(join(dir, 'logs', `${name}.log`));
  const planned = { name, config, after: [...after], publish: null, tmpfs: [], memoryMb: limits.memoryMb };
  let isHeld = false;
  let isClosed = false;
  let current: PartProcess;
  start();
  return {
    untilReady: () => current.ready,
    pid: () => current.pid,
    kill: () => {
      current.kill();
    },
    async hold(): Promise<Disposable> {
      isHeld = true;
      await current.stop();
      return {
        [Symbol.dispose]: () => {
          isHeld = false;
          start();
        },
      };
    },
    async close() {
      isClosed = true;
      await current.stop();
      await current.ended;
      log.close();
    },
  };

  function start(): void {
    current = spawnPart(planned, configFile, log);
    void current.ended.then(() => {
      if (!isHeld && !isClosed) start();
    });
  }
}

async function readServerPid(dataDir: string): Promise<number> {
  const [pid] = (await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
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

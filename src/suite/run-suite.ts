import { randomUUID } from 'node:crypto';
import type { Client } from '../client/client.ts';
import { MeshError } from '../core/errors.ts';
import type { CheckResult, SuiteRun } from '../core/suite.ts';
import { failOnAbort } from '../scenario/expect/interruption.ts';
import { createObserver } from '../scenario/expect/observe.ts';
import { followEvents } from '../scenario/follow-events.ts';
import { openSuiteMesh } from './mesh.ts';
import { settleCases } from './settle-cases.ts';
import type { SuiteSite } from './site.ts';
import type { Suite } from './suite.ts';

export interface RunSuite {
  readonly suite: Suite;
  readonly client: Client;
  readonly site: SuiteSite;
  /** What the record of the run says about where it ran. */
  readonly where: { readonly mesh: string; readonly engine: string; readonly model: string };
  readonly signal: AbortSignal;
  /** Called with all checks whenever one starts or is settled. */
  readonly onChecks: (checks: readonly CheckResult[]) => void;
}

/**
 * Runs a suite on a mesh that is up. It touches only sessions of its own, which it removes at the end.
 *
 * @throws MeshError if the run cannot be started; a run that fails is returned, not thrown
 */
export async function runSuite({
  suite,
  client,
  site,
  where,
  signal,
  onChecks,
}: RunSuite): Promise<SuiteRun> {
  const id = randomUUID();
  const role = await findRole(client);
  const observer = createObserver();
  const over = new AbortController();
  const disturbance = failOnAbort(signal);
  // It may come while nothing waits for it.
  disturbance.catch(() => undefined);
  try {
    await followEvents({
      client,
      filter: { kind: 'session' },
      signal: AbortSignal.any([signal, over.signal]),
      onEvent: (event) => {
        observer.add(event);
      },
    });
    const startedAt = performance.now();
    const mesh = openSuiteMesh({ client, observer, site, role, label: { suite: suite.name, run: id } });
    let checks: readonly CheckResult[] = [];
    let left: readonly string[] = [];
    try {
      const { cases } = suite;
      checks = await settleCases({ cases, mesh, signal, disturbance, startedAt, onChange: onChecks });
    } finally {
      left = await mesh.removeSessions();
    }
    return {
      id,
      suite: suite.name,
      title: suite.title,
      ...where,
      started_at: new Date(performance.timeOrigin + startedAt).toISOString(),
      duration_ms: Math.round(performance.now() - startedAt),
      passed:
        checks.every(({ status }) => status !== 'failed') && checks.some(({ status }) => status === 'passed'),
      checks: [...checks],
      events: observer.events.filter(({ subject }) => mesh.own.has(subject.replace(/^session:/, ''))),
      left: [...left],
    };
  } finally {
    over.abort();
    observer.close();
  }
}

async function findRole(client: Client): Promise<string> {
  const [agent] = await client.agents.list();
  if (agent !== undefined) return agent.role;
  throw new MeshError('environment', 'The suite needs a role of the mesh, but no agent has registered.', {
    hint: 'See `goose-mesh status` for why no agent is ready.',
  });
}

import { randomUUID } from 'node:crypto';
import type { Client } from '../client/client.ts';
import { MeshError } from '../core/errors.ts';
import type { MeshEvent } from '../core/event.ts';
import type { Run, StepResult } from '../core/run.ts';
import { NewTask, type Task } from '../core/task.ts';
import { newTraceId } from '../core/trace.ts';
import { failOnAbort } from './expect/interruption.ts';
import { createObserver } from './expect/observe.ts';
import { UnmetError } from './expect/unmet-error.ts';
import { followEvents } from './follow-events.ts';
import { openRehearsal, type RehearsalAdmin } from './rehearsal/admin.ts';
import type { Scenario } from './schema.ts';
import { listSteps, settleSteps } from './steps.ts';
import { fill } from './template.ts';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly client: Client;
  /** The scripted model; undefined where the mesh uses a real one. */
  readonly model: { readonly url: string; readonly adminKey: string } | undefined;
  /** What the record of the run says about where it ran. */
  readonly site: { readonly mesh: string; readonly engine: string; readonly model: string };
  readonly signal: AbortSignal;
  readonly onEvent: (event: MeshEvent) => void;
  /** Called with all steps whenever one starts or is settled. */
  readonly onSteps: (steps: readonly StepResult[], afterwards: readonly StepResult[]) => void;
}

/**
 * Runs a scenario on a mesh that is up: gives the model its lines, sends the first task, and settles each step by
 * what the event log and the database show.
 *
 * @throws MeshError if the run cannot be started; a run that fails is returned, not thrown
 */
export async function runScenario(options: RunOptions): Promise<Run> {
  const { scenario, client, model, signal } = options;
  await requireAgents(client, scenario.roles);
  const traceId = newTraceId();
  const observer = createObserver();
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const rehearsal = model && (await openRehearsal(model, traceId, scenario.rehearsal));
  try {
    await followEvents({
      client,
      filter: { trace_id: traceId },
      signal: until,
      onEvent: (event) => {
        observer.add(event);
        options.onEvent(event);
      },
    });
    const startedAt = performance.now();
    const task = await startTask(scenario, client, traceId);
    const settings = {
      context: { client, observer, rehearsal, rootTaskId: task.id, values: { values: scenario.values } },
      withinSeconds: scenario.within_seconds,
      disturbance: Promise.race([failOnMismatch(rehearsal, until), failOnAbort(signal)]),
      startedAt,
    };
    const waiting = listSteps(scenario.afterwards);
    const steps = await settleSteps({
      ...settings,
      steps: scenario.steps,
      onChange: (results) => {
        options.onSteps(results, waiting);
      },
    });
    const afterwards = await settleSteps({
      ...settings,
      steps: steps.every(({ status }) => status === 'passed') ? scenario.afterwards : [],
      onChange: (results) => {
        options.onSteps(steps, results);
      },
    });
    return {
      id: randomUUID(),
      scenario: scenario.name,
      title: scenario.title,
      ...options.site,
      trace_id: traceId,
      started_at: new Date(performance.timeOrigin + startedAt).toISOString(),
      duration_ms: Math.round(performance.now() - startedAt),
      passed: [...steps, ...afterwards].every(({ status }) => status !== 'failed'),
      steps: [...steps],
      afterwards:
        afterwards.length > 0 ? [...afterwards] : waiting.map((step) => ({ ...step, status: 'skipped' })),
      events: [...observer.events],
    };
  } finally {
    over.abort();
    observer.close();
  }
}

async function requireAgents(client: Client, roles: readonly string[]): Promise<void> {
  const agents = await client.agents.list();
  const missing = roles.filter(
    (role) => !agents.some((agent) => agent.role === role && agent.status === 'ready'),
  );
  if (missing.length === 0) return;
  throw new MeshError(
    'environment',
    `The scenario needs agents for ${roles.join(', ')}; none is ready for ${missing.join(', ')}.`,
    {
      hint: 'Add the role to `agents` in mesh.yaml, or see `goose-mesh status` for why its agent is not ready.',
    },
  );
}

function startTask({ start, values }: Scenario, client: Client, traceId: string): Promise<Task> {
  const task = NewTask.parse(fill(start, { values }));
  return client.tasks.route(task, { traceId, idempotencyKey: `scenario-${traceId}` });
}

/** A request that the script has no line for would otherwise only show as a model that fails again and again. */
async function failOnMismatch(rehearsal: RehearsalAdmin | undefined, signal: AbortSignal): Promise<never> {
  if (rehearsal === undefined) return new Promise(() => undefined);
  const { role, reason, lines, messages, results } = await rehearsal
    .waitForMismatch(signal)
    .catch(() => new Promise<never>(() => undefined));
  throw new UnmetError({
    expected: `one of the ${lines} lines of the rehearsal for ${role} to fit what its model was asked`,
    seen: `${reason === null ? '' : `${reason}; `}a request with the messages ${messages.join(', ')} and results of ${results.join(', ') || 'no tool'}`,
  });
}

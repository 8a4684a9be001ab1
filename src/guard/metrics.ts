import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GuardCall } from '../core/guard.ts';

/** Prometheus metrics of one guard: kinds and counts. No label holds what a caller or a model wrote. */
export interface Metrics {
  readonly contentType: string;
  read(): Promise<string>;
  /** Counts a call that begins, and gives what to call with its row. */
  begin(): (row: GuardCall) => void;
}

const SECONDS = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const OVERHEAD_SECONDS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const open = new Gauge({ name: 'goose_mesh_guard_open_calls', help: 'Calls that go on', registers });
  const calls = new Counter({
    name: 'goose_mesh_guard_calls_total',
    help: 'Calls that have ended; refused is the reason of the guard',
    labelNames: ['shape', 'mode', 'status', 'refused'],
    registers,
  });
  const values = new Counter({
    name: 'goose_mesh_guard_values_total',
    help: 'Values masked on their way out, restored on their way back, and of the model alone and hidden',
    labelNames: ['direction', 'kind'],
    registers,
  });
  const tokens = new Counter({
    name: 'goose_mesh_guard_tokens_total',
    help: 'Tokens that providers told of',
    labelNames: ['direction'],
    registers,
  });
  const overhead = new Histogram({
    name: 'goose_mesh_guard_masking_seconds',
    help: 'Time spent on masking a request',
    buckets: OVERHEAD_SECONDS,
    registers,
  });
  const firstToken = new Histogram({
    name: 'goose_mesh_guard_first_token_seconds',
    help: 'Time until the first piece of an answer went to the agent',
    buckets: SECONDS,
    registers,
  });
  const duration = new Histogram({
    name: 'goose_mesh_guard_call_seconds',
    help: 'Time until the end of an answer',
    labelNames: ['shape'],
    buckets: SECONDS,
    registers,
  });

  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    begin() {
      open.inc();
      return end;
    },
  };

  function end(row: GuardCall): void {
    open.dec();
    // What stands behind the code is the place in the request.
    const refused = row.refused?.replace(/:.*$/s, '') ?? '';
    calls.inc({ shape: row.shape, mode: row.mode, status: String(row.status), refused });
    for (const [kind, count] of Object.entries(row.masked)) values.inc({ direction: 'out', kind }, count);
    for (const [kind, count] of Object.entries(row.restored)) values.inc({ direction: 'back', kind }, count);
    for (const [kind, count] of Object.entries(row.contained))
      values.inc({ direction: 'hidden', kind }, count);
    tokens.inc({ direction: 'in' }, row.tokens_in ?? 0);
    tokens.inc({ direction: 'out' }, row.tokens_out ?? 0);
    overhead.observe(row.overhead_ms / 1000);
    if (row.first_token_ms !== null) firstToken.observe(row.first_token_ms / 1000);
    duration.observe({ shape: row.shape }, row.duration_ms / 1000);
  }
}

import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Queryable } from '../../store/database.ts';
import { countTasks } from '../../store/tasks/read.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly measure: MiddlewareHandler;
}

/** Prometheus metrics of one controller: HTTP by route, tasks by state, and those of Node. */
export function createMetrics(db: Queryable): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'goose_mesh_http_request_duration_seconds',
    help: 'Time to answer, long polls included, event streams until they stand',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers: [registry],
  });
  new Gauge({
    name: 'goose_mesh_tasks',
    help: 'Tasks by state and target role',
    labelNames: ['status', 'target'],
    registers: [registry],
    async collect() {
      this.reset();
      // Without a database the other metrics are needed most.
      const counts = await countTasks(db).catch(() => []);
      for (const { status, target, count } of counts) this.set({ status, target }, count);
    },
  });
  const measure = createMiddleware(async (c, next) => {
    const stop = duration.startTimer({ method: c.req.method });
    await next();
    stop({ route: routePath(c, -1), status: String(c.res.status) });
  });
  return { registry, measure };
}

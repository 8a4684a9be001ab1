import { createRoute, z } from '@hono/zod-openapi';
import { requireRight } from '../auth/authenticate.ts';
import type { Metrics } from '../http/metrics.ts';
import { createRoutes, PROBLEMS, SECURED } from '../http/routes.ts';

const read = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Measurements of this controller for Prometheus',
  security: SECURED,
  middleware: requireRight('metrics:read'),
  responses: {
    200: {
      description: "Prometheus' text format",
      content: { 'text/plain': { schema: z.string() } },
    },
    ...PROBLEMS,
  },
});

export function metricsRoutes({ registry }: Metrics) {
  return createRoutes().openapi(read, async (c) =>
    c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  );
}

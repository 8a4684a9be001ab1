import { createRoute, z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import { MeshError } from '../core/errors.ts';
import { authenticate, requireRight } from './auth/authenticate.ts';
import { createTokenVerifier } from './auth/tokens.ts';
import type { Deps } from './deps.ts';
import { answerError, answerNotFound } from './http/errors.ts';
import { limitBody, requireJson } from './http/limits.ts';
import { createMetrics } from './http/metrics.ts';
import { answers, createRoutes, SECURED } from './http/routes.ts';
import { agentRoutes } from './routes/agents.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { eventRoutes } from './routes/events.ts';
import { guardRoutes } from './routes/guard.ts';
import { healthRoutes } from './routes/health.ts';
import { mcpRoutes } from './routes/mcp.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { migrationRoutes } from './routes/migrations.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { policyRoutes } from './routes/policies.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { taskRoutes } from './routes/tasks.ts';
import { workRoutes } from './routes/work.ts';

/** Whether the controller has migrated its database and follows its log. */
export interface Readiness {
  ready: boolean;
}

/** The whole HTTP surface of the controller. Everything but health, keys and the token endpoint needs a token. */
export function buildApp(deps: Deps, readiness: Readiness) {
  const app = createRoutes();
  const metrics = createMetrics(deps.db);
  app.onError(answerError(deps.log));
  app.notFound(answerNotFound(app));
  app.use(metrics.measure);
  app.use(limitBody);
  app.use(requireJson);
  app.use(authenticate(createTokenVerifier(deps)));
  app.use(requireReady(readiness));

  app.route('/', healthRoutes(deps));
  app.route('/', oauthRoutes(deps));
  app.route('/', sessionRoutes(deps));
  // /tasks/claim and /tasks/route stand before /tasks/{id}, which would take them for an id.
  app.route('/', workRoutes(deps));
  app.route('/', taskRoutes(deps));
  app.route('/', approvalRoutes(deps));
  app.route('/', policyRoutes(deps));
  app.route('/', agentRoutes(deps));
  app.route('/', eventRoutes(deps));
  app.route('/', auditRoutes(deps));
  app.route('/', guardRoutes(deps));
  app.route('/', migrationRoutes(deps));
  app.route('/', mcpRoutes(deps));
  app.route('/', metricsRoutes(metrics));
  describeApi(app);
  return app;
}

/** Until the database is there and migrated, only health and keys can be asked for. */
function requireReady(readiness: Readiness) {
  return createMiddleware(async (c, next) => {
    if (!readiness.ready && !STARTING_PATHS.has(c.req.path)) {
      throw new MeshError('database_unavailable', 'The controller is starting: it waits for its database.');
    }
    await next();
  });
}

const STARTING_PATHS = new Set(['/health/live', '/.well-known/jwks.json']);

function describeApi(app: ReturnType<typeof createRoutes>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  // Not doc31(), which hides what goes wrong from the log.
  app.openapi(description, (c) =>
    c.json(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: { title: 'goose-mesh controller', version: '1', license: { name: 'Apache-2.0' } },
        security: SECURED,
      }),
      200,
    ),
  );
}

const description = createRoute({
  method: 'get',
  path: '/openapi.json',
  summary: 'This description',
  security: SECURED,
  middleware: requireRight('openapi:read'),
  responses: answers(z.object({ openapi: z.string() }), 'OpenAPI 3.1'),
});

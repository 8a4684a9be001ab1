import { createRoute, z } from '@hono/zod-openapi';
import { MigrationStatus } from '../../core/migration.ts';
import { migrate, readMigrationStatus } from '../../store/migrations/migrate.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, SECURED } from '../http/routes.ts';

const status = createRoute({
  method: 'get',
  path: '/migrations',
  summary: 'Which migrations are applied',
  security: SECURED,
  middleware: requireRight('migrations:read'),
  responses: answers(z.array(MigrationStatus), 'In their order'),
});

const apply = createRoute({
  method: 'post',
  path: '/migrations',
  summary: 'Apply the migrations that wait',
  security: SECURED,
  middleware: requireRight('migrations:apply'),
  responses: answers(z.array(MigrationStatus), 'The status afterwards'),
});

export function migrationRoutes({ config }: Deps) {
  return createRoutes()
    .openapi(status, async (c) => c.json([...(await readMigrationStatus(config.database.url))], 200))
    .openapi(apply, async (c) => c.json([...(await migrate(config.database.url))], 200));
}

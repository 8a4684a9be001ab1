import { createRoute, z } from '@hono/zod-openapi';
import { readEndOfLog } from '../../store/events.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, PUBLIC } from '../http/routes.ts';

const Health = z.object({ status: z.literal('ok') });

/** `live`: the process answers. `ready`: the database answers as well, and its migrations are ours. */
export function healthRoutes(deps: Pick<Deps, 'db'>) {
  return createRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/health/live',
        summary: 'Does the process answer',
        security: PUBLIC,
        responses: answers(Health, 'It does'),
      }),
      (c) => c.json({ status: 'ok' as const }, 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/health/ready',
        summary: 'Can it work',
        security: PUBLIC,
        responses: answers(Health, 'It can'),
      }),
      async (c) => {
        await readEndOfLog(deps.db);
        return c.json({ status: 'ok' as const }, 200);
      },
    );
}

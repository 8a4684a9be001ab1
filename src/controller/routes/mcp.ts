import { z } from '@hono/zod-openapi';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { createRoutes, PROBLEMS, SECURED, takes } from '../http/routes.ts';
import { serveTools } from '../tools/serve.ts';

const Message = z.looseObject({ jsonrpc: z.literal('2.0') }).describe('A JSON-RPC message of MCP');

/** Stateless: there is no session to be opened by GET or ended by DELETE. */
export function mcpRoutes(deps: Deps) {
  const app = createRoutes();
  // Described, but not checked here: MCP's own handler reads the body, and answers in the words of its protocol.
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/mcp',
    summary: 'The mesh tools over MCP (streamable HTTP)',
    description: 'Needs a token that is bound to a session.',
    security: SECURED,
    request: takes(Message),
    responses: {
      200: {
        description: 'The answer, as one message or as a stream of them',
        content: {
          'application/json': { schema: Message },
          'text/event-stream': { schema: z.string() },
        },
      },
      202: { description: 'A notification was taken' },
      ...PROBLEMS,
    },
  });
  app.post('/mcp', requireRight('tools:call'), serveTools(deps));
  return app;
}

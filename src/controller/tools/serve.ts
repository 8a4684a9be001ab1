import { randomUUID } from 'node:crypto';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { Context } from 'hono';
import { MeshError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { AuthEnv } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { findProfile } from '../work/profiles.ts';
import { completeTask } from './complete-task.ts';
import { decideApproval } from './decide-approval.ts';
import { fetchStatus } from './fetch-status.ts';
import { listAgents } from './list-agents.ts';
import { listInbox } from './list-inbox.ts';
import { notify } from './notify.ts';
import { requestApproval } from './request-approval.ts';
import { sendTask } from './send-task.ts';
import { type Caller, callTool, type Tool } from './tool.ts';

const TOOLS = [
  sendTask,
  requestApproval,
  notify,
  fetchStatus,
  listInbox,
  listAgents,
  completeTask,
  decideApproval,
];

/** Goose's own id of a tool call: the same in every repetition of that call, unique in its conversation. */
const CALL_ID = 'agent-tool-call-request-id';

/**
 * Serves the mesh tools over MCP's streamable HTTP, stateless, in both protocol eras. Each request gets a server
 * that knows only the tools of the caller's profile, bound to the session in the caller's token.
 */
export function serveTools(deps: Deps) {
  return async (c: Context<AuthEnv>): Promise<Response> => {
    const by = c.get('principal');
    const { sessionId } = by;
    if (sessionId === undefined) {
      throw new MeshError('forbidden', 'The mesh tools need a token that is bound to a session.', {
        hint: 'Ask POST /oauth/token with session_id and lease_id.',
      });
    }
    let away: MeshError | undefined;
    const onAway = (error: MeshError) => {
      away = error;
    };
    const handler = createMcpHandler(() => buildServer(deps, { by, sessionId, onAway }));
    const answer = await handler.fetch(c.req.raw.clone());
    if (!(await isToolCall(c.req.raw))) return answer;
    // The older protocol answers with a stream before the tool has ended, so the end is waited for.
    const text = await answer.text();
    if (away !== undefined) throw away;
    return new Response(text, answer);
  };
}

async function isToolCall(request: Request): Promise<boolean> {
  if (request.method !== 'POST') return false;
  const body: unknown = await request.json().catch(() => undefined);
  return isJsonObject(body) && body['method'] === 'tools/call';
}

function buildServer(deps: Deps, caller: Caller): McpServer {
  const server = new McpServer({ name: 'goose-mesh', version: '1' });
  const allowed = new Set(caller.by.roles.flatMap((role) => findProfile(deps, role).policies.tools));
  for (const tool of TOOLS.filter(({ name }) => allowed.has(name))) register(server, deps, tool, caller);
  return server;
}

function register(server: McpServer, deps: Deps, tool: Tool, caller: Caller): void {
  server.registerTool(
    tool.name,
    { description: tool.description, inputSchema: tool.input },
    (input, context) => {
      const callId: unknown = context.mcpReq._meta?.[CALL_ID];
      const key = typeof callId === 'string' ? callId : randomUUID();
      return callTool(deps, tool, { ...caller, key }, input);
    },
  );
}

import type { Claim } from '../../../src/core/task.ts';
import type { TestController } from '../../support/controller.ts';

interface ToolResult {
  readonly isError: boolean;
  readonly text: string;
}

/** The mesh tools as Goose calls them: stateless, with a token that is bound to one session and lease. */
export async function openTools(mesh: TestController, actor: string, claim: Claim) {
  let token = await mesh.as(actor, holdingOf(claim)).token();
  let calls = 0;

  async function tryCall(
    name: string,
    args: Record<string, unknown>,
    callId = `call-${(calls += 1)}`,
  ): Promise<ToolResult> {
    const params = { name, arguments: args, _meta: { 'agent-tool-call-request-id': callId } };
    const { result } = await postMcp(mesh, token, { method: 'tools/call', params });
    const { isError = false, content } = result as { isError?: boolean; content: { text: string }[] };
    return { isError, text: content[0]?.text ?? '' };
  }

  return {
    /** From now on they are those of a later claim of the session, as an agent does it that goes on. */
    async goOn(next: Claim): Promise<void> {
      token = await mesh.as(actor, holdingOf(next)).token();
    },
    /** Calls a tool that must succeed, and gives what it answers. */
    async call(
      name: string,
      args: Record<string, unknown>,
      callId?: string,
    ): Promise<Record<string, unknown>> {
      const { isError, text } = await tryCall(name, args, callId);
      if (isError) throw new Error(`${name}: ${text}`);
      return JSON.parse(text) as Record<string, unknown>;
    },
    /** Calls a tool that must be refused, and gives the words of the refusal. */
    async refuse(name: string, args: Record<string, unknown>): Promise<string> {
      const { isError, text } = await tryCall(name, args);
      if (!isError) throw new Error(`${name} was not refused: ${text}`);
      return text;
    },
  };
}

/** What binds the tokens of an agent to a claim. */
export const holdingOf = ({ session, lease_id: leaseId }: Claim) => ({
  session: { id: session.id, leaseId },
});

export type Tools = Awaited<ReturnType<typeof openTools>>;

interface McpAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** One JSON-RPC request over streamable HTTP, answered by a JSON body or by one server-sent event. */
export async function postMcp(
  mesh: TestController,
  token: string,
  request: { readonly method: string; readonly params?: unknown },
  headers: Record<string, string> = {},
): Promise<McpAnswer> {
  const response = await fetch(`${mesh.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...request }),
  });
  const text = await response.text();
  return JSON.parse(text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}')) as McpAnswer;
}

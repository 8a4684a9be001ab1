import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MESH_TOOLS, type MeshTool } from '../../../src/core/profile.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { holdingOf, postMcp } from '../support/tools.ts';
import { startWork } from '../support/work.ts';

/** The tools of legal's profile in this mesh. */
const LEGALS: readonly MeshTool[] = ['send_task', 'complete_task'];

let mesh: TestController;
let token: string;
let legalToken: string;
beforeAll(async () => {
  const [finance, manager, legal] = await Promise.all([
    readProfile('finance'),
    readProfile('manager'),
    readProfile('legal'),
  ]);
  mesh = await startTestController({
    profiles: [finance, manager, { ...legal, policies: { ...legal.policies, tools: [...LEGALS] } }],
  });
  const work = await startWork(mesh);
  token = await mesh.as('agent:finance', holdingOf(work.claim)).token();
  const legals = await startWork(mesh, { target: 'legal' });
  legalToken = await mesh.as('agent:legal', holdingOf(legals.claim)).token();
});
afterAll(() => mesh[Symbol.asyncDispose]());

interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { type: string; properties: Record<string, { type?: string; description?: string }> };
}

const toolsOf = ({ result }: { result?: unknown }) => (result as { tools: ListedTool[] }).tools;

/** What a client of the revision of 2026 sends with every request, since it has no session. */
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

function postModern(method: string, params: Record<string, unknown> = {}, name?: string) {
  return postMcp(
    mesh,
    token,
    { method, params: { ...params, _meta: { ...ENVELOPE, ...(params['_meta'] as object | undefined) } } },
    {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name === undefined ? {} : { 'mcp-name': name }),
    },
  );
}

describe('the protocol of 2025', () => {
  test('begins with initialize, then lists and calls', async () => {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };
    expect(await postMcp(mesh, token, { method: 'initialize', params })).toMatchObject({
      result: { serverInfo: { name: 'goose-mesh' }, capabilities: { tools: {} } },
    });
    const headers = { 'mcp-protocol-version': '2025-06-18' };
    expect(toolsOf(await postMcp(mesh, token, { method: 'tools/list' }, headers))).toHaveLength(8);
    const call = { method: 'tools/call', params: { name: 'list_agents', arguments: {} } };
    expect(await postMcp(mesh, token, call, headers)).not.toMatchObject({ result: { isError: true } });
  });
});

describe('the protocol of 2026', () => {
  test('lists and calls without a beginning', async () => {
    expect(toolsOf(await postModern('tools/list')).map(({ name }) => name)).toEqual([...MESH_TOOLS]);
    const { result } = await postModern('tools/call', { name: 'list_agents', arguments: {} }, 'list_agents');
    expect((result as { content: { text: string }[] }).content[0]?.text).toContain('manager');
  });

  test('keeps a repeated call harmless by the same id of Goose', async () => {
    const call = {
      name: 'send_task',
      arguments: { role: 'manager', description: 'Once.' },
      _meta: { 'agent-tool-call-request-id': 'call-7' },
    };
    const [first, second] = [
      await postModern('tools/call', call, 'send_task'),
      await postModern('tools/call', call, 'send_task'),
    ];
    expect(first.result).toBeDefined();
    expect(second).toEqual(first);
  });
});

/** What no flat argument can say: facts by name, and references. */
const STRUCTURED: Readonly<Record<string, readonly string[]>> = { data: ['object'], attachments: ['array'] };

describe('the list of tools', () => {
  test('has those of the profile alone', async () => {
    expect(
      toolsOf(await postMcp(mesh, legalToken, { method: 'tools/list' })).map(({ name }) => name),
    ).toEqual(LEGALS);
  });

  test('has flat arguments, each with a description', async () => {
    for (const { name, description, inputSchema } of toolsOf(
      await postMcp(mesh, token, { method: 'tools/list' }),
    )) {
      expect(description, name).not.toBe('');
      expect(inputSchema.type).toBe('object');
      for (const [argument, schema] of Object.entries(inputSchema.properties)) {
        expect(
          ['string', 'number', 'integer', 'boolean', ...(STRUCTURED[argument] ?? [])],
          `${name}.${argument}`,
        ).toContain(schema.type);
        expect(schema.description, `${name}.${argument}`).toBeTruthy();
      }
    }
  });
});

test('a tool outside the profile cannot be called', async () => {
  const params = { name: 'request_approval', arguments: { reason: 'Please.' } };
  expect(await postMcp(mesh, legalToken, { method: 'tools/call', params })).toMatchObject({
    error: { message: 'Tool request_approval not found' },
  });
});

test('a token without a session is refused, with the way to get one', async () => {
  const response = await mesh.fetch('agent:finance', '/mcp', { method: 'POST', body: '{}' });
  expect(await problemOf(response, 'forbidden')).toMatchObject({
    hint: 'Ask POST /oauth/token with session_id and lease_id.',
  });
});

test.each([
  ['not JSON', '{'],
  ['no JSON-RPC', '{"hello": "world"}'],
  [
    'nested too deep',
    `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
  ],
])('a body that is %s breaks nothing', async (_what, body) => {
  const response = await fetch(`${mesh.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body,
  });
  expect(response.status).toBeLessThan(500);
  expect(toolsOf(await postMcp(mesh, token, { method: 'tools/list' }))).toHaveLength(8);
});

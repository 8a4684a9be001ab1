import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { findGooseBinary } from '../../../src/agent/goose/binary.ts';
import { createGoose } from '../../../src/agent/goose/goose.ts';
import { gooseEnvironment, prepareGoose } from '../../../src/agent/goose/setup.ts';
import { startHttpServer } from '../../../src/core/http-server.ts';
import { readProfile } from '../../support/controller.ts';

/** A real Goose with a model that always says the same, a server without tools, and without any mesh. */
export async function openGoose() {
  const dataDir = await mkdtemp(join(tmpdir(), 'gm-goose-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const model = await startHttpServer(buildModel().fetch, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => model.close());
  const url = `http://127.0.0.1:${model.port}`;
  const setup = {
    dataDir,
    profile: await readProfile('legal'),
    model: 'any',
    relay: { url, modelPath: 'v1/chat/completions', key: 'any' },
  };
  await prepareGoose(setup);
  const goose = await createGoose({
    binary: findGooseBinary(),
    env: gooseEnvironment(setup),
    cwd: dataDir,
    log: pino({ level: 'silent' }),
  });
  onTestFinished(() => goose[Symbol.asyncDispose]());
  return {
    goose,
    dataDir,
    conversation: { cwd: dataDir, title: 'test', toolsUrl: `${url}/mcp`, instructions: '' },
  };
}

function buildModel(): Hono {
  const app = new Hono();
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [] }));
  const tools = createMcpHandler(() => new McpServer({ name: 'none', version: '1' }));
  app.all('/mcp', (c) => tools.fetch(c.req.raw));
  app.post('/v1/chat/completions', (c) => {
    const chunk = (delta: object, more: object = {}) =>
      `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'any', choices: [{ index: 0, delta, ...more }] })}\n\n`;
    const text = `${chunk({ role: 'assistant', content: 'yes' })}${chunk({}, { finish_reason: 'stop' })}data: [DONE]\n\n`;
    return c.body(text, 200, { 'content-type': 'text/event-stream' });
  });
  return app;
}

import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { startHttpServer } from '../../../src/core/http-server.ts';
import { toChunks } from '../../../src/scenario/rehearsal/chat-answer.ts';
import { ChatRequest, readConversation } from '../../../src/scenario/rehearsal/conversation.ts';
import { playNext } from '../../../src/scenario/rehearsal/play.ts';
import type { RehearsalScript } from '../../../src/scenario/rehearsal/script.ts';

/** A model that does what a script says, in words of its own, and shows nobody what it was sent. */
export async function startOtherModel(script: RehearsalScript) {
  const app = new Hono();
  app.post('/v1/chat/completions', async (c) => {
    const request = ChatRequest.parse(await c.req.json());
    const lines = script[request.model.replace('rehearsal-', '')] ?? [];
    const reply = playNext(lines, readConversation(request));
    if (reply === undefined) return c.json({ error: { message: 'lost' } }, 400);
    return streamSSE(c, async (sse) => {
      for (const chunk of toChunks(request, reply)) await sse.writeSSE({ data: JSON.stringify(chunk) });
      await sse.writeSSE({ data: '[DONE]' });
    });
  });
  const server = await startHttpServer(app.fetch, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { streamSSE } from 'hono/streaming';
import type { ModelConfig } from '../../core/config.ts';
import { traceIdOf } from '../../core/trace.ts';
import { toChunks, toCompletion } from './chat-answer.ts';
import { ChatRequest } from './conversation.ts';
import { RehearsalScript } from './script.ts';
import { openStage, type Stage } from './stage.ts';

/** Models are named after the role that they play. */
export const REHEARSAL_MODEL = /^rehearsal-([a-z0-9-]+)$/;

/** How long a caller may wait for a mismatch in one request. */
const MISMATCH_WAIT_MS = 30_000;
/** How long the ledger waits for conversations to end; one that was killed at its very end never does. */
const LEDGER_WAIT_MS = 2000;
/** Runs that are remembered. */
const MAX_STAGES = 50;

/**
 * The scripted model: an OpenAI-compatible server that plays the roles of a scenario. Runs are told apart by the
 * trace id that the guard sends on; each has its own script and ledger.
 */
export function buildModelApp(config: Pick<ModelConfig, 'api_key' | 'admin_key'>) {
  const stages = new Map<string, Stage>();
  const app = new Hono();

  app.use('/v1/*', requireKey(config.api_key));
  app.get('/v1/models', (c) =>
    c.json({ object: 'list', data: [{ id: 'rehearsal', object: 'model', owned_by: 'goose-mesh' }] }),
  );
  app.post('/v1/chat/completions', async (c) => {
    const request = ChatRequest.parse(await c.req.json());
    const stage = stages.get(traceIdOf(c.req.header('traceparent')) ?? '');
    const [, role] = REHEARSAL_MODEL.exec(request.model) ?? [];
    if (stage === undefined || role === undefined) {
      return c.json(
        refuse(
          `The rehearsal model plays only scenarios that run; ${request.model} has no script here. Start the mesh with --model for a real model.`,
        ),
        400,
      );
    }
    const reply = stage.play(role, request);
    if (!('pauseMs' in reply))
      return c.json(refuse(reply.reason ?? `No line of the script for ${role} fits.`), 400);
    await sleep(reply.pauseMs);
    if (request.stream !== true) return c.json(toCompletion(request, reply));
    return streamSSE(c, async (sse) => {
      for (const chunk of toChunks(request, reply)) await sse.writeSSE({ data: JSON.stringify(chunk) });
      await sse.writeSSE({ data: '[DONE]' });
    });
  });

  app.use('/rehearsals/*', requireKey(config.admin_key));
  app.put('/rehearsals/:trace', async (c) => {
    stages.set(c.req.param('trace'), openStage(RehearsalScript.parse(await c.req.json())));
    for (const oldest of [...stages.keys()].slice(0, -MAX_STAGES)) stages.delete(oldest);
    return c.body(null, 204);
  });
  app.get('/rehearsals/:trace/ledger', async (c) => {
    const stage = stages.get(c.req.param('trace'));
    if (stage === undefined) return c.notFound();
    // A task can be over while its conversation still says goodbye: that call belongs to the ledger as well.
    await Promise.race([stage.played, sleep(LEDGER_WAIT_MS, undefined, { ref: false })]);
    return c.json(stage.ledger);
  });
  app.get('/rehearsals/:trace/mismatch', async (c) => {
    const stage = stages.get(c.req.param('trace'));
    if (stage === undefined) return c.notFound();
    const mismatch = await Promise.race([stage.mismatch, sleep(MISMATCH_WAIT_MS, undefined, { ref: false })]);
    return mismatch === undefined ? c.body(null, 204) : c.json(mismatch);
  });
  return app;
}

function requireKey(key: string) {
  const wanted = Buffer.from(key);
  return bearerAuth({
    verifyToken: (token) => {
      const given = Buffer.from(token);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  });
}

function refuse(message: string) {
  return { error: { message, type: 'invalid_request_error', code: 'no_line' } };
}

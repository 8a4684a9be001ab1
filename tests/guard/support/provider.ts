import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { sendJson, serveHttp, type TestServer } from './http.ts';

export const PROVIDER_KEY = 'sk-the-key-of-the-provider';

/** What the provider was sent. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Settles when the call's response has ended or its connection has closed. */
  readonly closed: Promise<void>;
}

export type Answer = (response: ServerResponse, received: Received) => Promise<void> | void;

export interface TestProvider extends TestServer {
  readonly received: readonly Received[];
  answer: Answer;
}

/** A model provider over real HTTP. Its model says `Fine.` until it is told otherwise. */
export async function startProvider(): Promise<TestProvider> {
  const received: Received[] = [];
  const answer: Answer = (response) => {
    sendJson(response, 200, completion({ role: 'assistant', content: 'Fine.' }));
  };
  const provider = { received, answer };
  const server = await serveHttp(async (request, response) => {
    const { method, url, headers } = request;
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    const call = { method, url, headers, body: await text(request), closed };
    received.push(call);
    await provider.answer(response, call);
  });
  return Object.assign(provider, server);
}

/** A model that repeats the content of the last message, streamed in pieces of five characters if asked to. */
export const echo: Answer = (response, { body }) => {
  const { messages, stream } = EchoRequest.parse(JSON.parse(body));
  const content = messages.at(-1)?.content ?? '';
  if (stream !== true) {
    sendJson(response, 200, completion({ role: 'assistant', content }));
    return;
  }
  const pieces = content.match(/.{1,5}/gsu) ?? [];
  sendStream(response, [...pieces.map((piece) => chunk({ content: piece })), chunk({}, 'stop'), USAGE, DONE]);
};

const EchoRequest = z.object({
  messages: z.array(z.object({ content: z.string() })),
  stream: z.boolean().optional(),
});

export function completion(message: Readonly<Record<string, unknown>>) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt-test',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  };
}

/** One `chat.completion.chunk` event as it stands in a stream. */
export function chunk(delta: Readonly<Record<string, unknown>>, finish_reason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason }];
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices })}\n\n`;
}

/** The event that ends a stream when `include_usage` is set. */
export const USAGE = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 7 } })}\n\n`;

export const DONE = 'data: [DONE]\n\n';

function sendStream(response: ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.join(''));
}

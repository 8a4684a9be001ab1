import { expect, test } from 'vitest';
import { ask, runGuard } from './support/guard.ts';
import { sendJson } from './support/http.ts';
import { chunk, completion, DONE, echo, PROVIDER_KEY, type Received, USAGE } from './support/provider.ts';
import { readStream } from './support/stream.ts';

const TEXT = 'Write to jane@acme.io, SSN 123-45-6789.';
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('the provider gets its own key and, of the agent’s headers, only an allow list', async () => {
  await using guard = await runGuard();
  await guard.chat(ask('Hi'), {
    headers: { 'agent-session-id': '20261122_1', cookie: 'a=b', traceparent: TRACEPARENT },
  });
  const [received] = guard.provider.received;
  expect(received).toMatchObject({ method: 'POST', url: '/v1/chat/completions' });
  expect(received?.headers).toEqual({
    host: guard.provider.url.replace('http://', ''),
    connection: 'keep-alive',
    authorization: `Bearer ${PROVIDER_KEY}`,
    accept: 'application/json',
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'content-length': String(JSON.stringify(ask('Hi')).length),
    traceparent: TRACEPARENT,
  });
});

test('a traceparent with a text behind it stays here', async () => {
  await using guard = await runGuard();
  await guard.chat(ask('Hi'), { headers: { traceparent: `${TRACEPARENT}-jane@acme.io` } });
  expect(guard.provider.received[0]?.headers).not.toHaveProperty('traceparent');
});

test('a request goes out masked, and its whole answer comes back restored', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  const answer = await guard.chat(ask(TEXT));
  expect(await answer.json()).toEqual(completion({ role: 'assistant', content: TEXT }));
  expect(guard.provider.received[0]?.body).toMatch(
    /Write to \[EMAIL_[0-9a-z]{6}\], SSN \[US_SSN_[0-9a-z]{6}\]\./,
  );
});

test('a streamed answer comes back restored, with its usage and its end', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  const answer = await guard.chat(ask(TEXT, { stream: true, stream_options: { include_usage: true } }));
  expect(answer.headers.get('content-type')).toMatch('text/event-stream');
  const stream = await answer.text();
  expect(readStream(stream)).toMatchObject({ content: TEXT, finished: true, done: true });
  expect(stream).toContain(USAGE);
  expect(guard.provider.received[0]?.headers.accept).toBe('text/event-stream');
});

test('the rows of a table go out masked', async () => {
  await using guard = await runGuard();
  await guard.chat(ask('id,ssn,card,phone\n1001,536-22-8724,4111111111111111,212-555-0187\n'));
  expect(guard.provider.received[0]?.body).toMatch(
    /1001,\[US_SSN_[0-9a-z]{6}\],\[CARD_[0-9a-z]{6}\],\[PHONE_[0-9a-z]{6}\]/,
  );
});

test.each([true, false])('calls of every form come back restored (streamed: %s)', async (stream) => {
  await using guard = await runGuard();
  guard.provider.answer = (response, { body }) => {
    const text = /\[EMAIL_\w+\]/.exec(body)?.[0] ?? '';
    if (stream) {
      const pieces = [text.slice(0, 4), text.slice(4)].map((piece) => chunk(callBoth(piece)));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(pieces.join('') + chunk({}, 'tool_calls') + DONE);
    } else {
      sendJson(response, 200, completion(callBoth(text)));
    }
  };
  const answer = await (await guard.chat(ask('jane@acme.io', { stream }))).text();
  expect(answer).toContain(JSON.stringify(callBoth('jane@acme.io')));
});

function callBoth(text: string) {
  return {
    function_call: { name: 'f', arguments: text },
    tool_calls: [{ index: 0, id: 'call_1', type: 'custom', custom: { name: 'g', input: text } }],
  };
}

test('each event of a stream is passed on at once', async () => {
  await using guard = await runGuard();
  const proceed = Promise.withResolvers<undefined>();
  guard.provider.answer = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: 'first' }));
    await proceed.promise;
    response.end(chunk({}, 'stop') + DONE);
  };
  const answer = await guard.chat(ask('Hi', { stream: true }));
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe(chunk({ content: 'first' }));
  proceed.resolve(undefined);
  expect((await reader?.read())?.value).toBe(chunk({}, 'stop') + DONE);
});

test('the same value has the same placeholder in every turn of a session, and another one elsewhere', async () => {
  await using guard = await runGuard();
  const inSession = async (sid: string) => ({
    authorization: `Bearer ${await guard.controller.token({ sid })}`,
  });
  await guard.chat(ask('jane@acme.io'), { headers: await inSession('a') });
  await guard.chat(ask('jane@acme.io'), { headers: await inSession('a') });
  await guard.chat(ask('jane@acme.io'), { headers: await inSession('b') });
  const [first, second, other] = guard.provider.received.map(({ body }) => body);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test.each(['/mesh/v1/chat/completions', '/agents/a1/v1/chat/completions'])(
  '%s is served as well',
  async (path) => {
    await using guard = await runGuard();
    expect((await guard.chat(ask('Hi'), { path })).status).toBe(200);
    expect(guard.provider.received[0]?.url).toBe('/v1/chat/completions');
  },
);

test('the list of models passes as it is', async () => {
  await using guard = await runGuard();
  const models = { object: 'list', data: [{ id: 'gpt-test', object: 'model' }] };
  guard.provider.answer = (response) => {
    sendJson(response, 200, models);
  };
  const answer = await fetch(`${guard.url}/mesh/v1/models`, { headers: await guard.authorization() });
  expect(await answer.json()).toEqual(models);
  expect(guard.provider.received).toMatchObject([{ method: 'GET', url: '/v1/models' }]);
});

test.each([true, false])(
  'an agent that leaves cancels the call to the provider (streamed: %s)',
  async (stream) => {
    await using guard = await runGuard();
    const called = Promise.withResolvers<Received>();
    guard.provider.answer = (response, received) => {
      if (stream)
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: 'a' }));
      called.resolve(received);
    };
    const agent = new AbortController();
    const answer = guard.chat(ask('Hi', { stream }), { signal: agent.signal }).catch(() => undefined);
    const { closed } = await called.promise;
    if (stream) await answer;
    agent.abort();
    await closed;
    await answer;
    await expect.poll(() => guard.controller.rows).toMatchObject([{ status: stream ? 200 : 499 }]);
  },
);

import { expect, test } from 'vitest';
import { PrivacyPolicy } from '../../src/core/privacy.ts';
import { ask, runGuard } from './support/guard.ts';
import { sendJson } from './support/http.ts';
import { chunk, completion, DONE } from './support/provider.ts';
import { readStream } from './support/stream.ts';

const SAID = 'Ask jane@acme.io or joe@evil.org, now.';

/** What an agent gets if the model repeats the first address of the request, and adds one of its own. */
async function answerOf(policy: Readonly<Record<string, unknown>>, stream: boolean) {
  await using guard = await runGuard({ privacy: PrivacyPolicy.parse(policy) });
  guard.provider.answer = (response, { body }) => {
    const placeholder = /\[EMAIL_\w+\]/.exec(body)?.[0] ?? '';
    const said = SAID.replace('jane@acme.io', placeholder);
    const message = {
      content: said,
      tool_calls: [{ index: 0, function: { name: 'web', arguments: `{"q": "${placeholder}"}` } }],
    };
    if (!stream) {
      sendJson(response, 200, completion(message));
      return;
    }
    const pieces = said.match(/.{1,4}/gs)?.map((content) => chunk({ content })) ?? [];
    const call = chunk({ tool_calls: message.tool_calls });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end([call, ...pieces, chunk({}, 'stop'), DONE].join(''));
  };
  const answer = await guard.chat(ask('Who is jane@acme.io?', { stream }));
  return { status: answer.status, text: await answer.text() };
}

test.each([
  ['mask', 'Ask jane@acme.io or [EMAIL hidden], now.'],
  ['allow', SAID],
])('by output: %s an answer reads %j, streamed or not', async (output, read) => {
  expect((await answerOf({ output }, false)).text).toContain(read);
  expect(readStream((await answerOf({ output }, true)).text).content).toBe(read);
});

test('by output: refuse an answer is refused', async () => {
  const { status, text } = await answerOf({ output: 'refuse' }, false);
  expect(status).toBe(422);
  expect(text).toContain('personal data (EMAIL) that was not in the request');
  expect(text).not.toContain('evil');
});

test('by output: refuse a stream ends with an error before it', async () => {
  const { status, text } = await answerOf({ output: 'refuse' }, true);
  expect(status).toBe(200);
  expect(text).not.toContain('evil');
  expect(text).not.toContain('[DONE]');
  const events = text.trimEnd().split('\n\n');
  expect(events.at(-1)).toContain('"code":"unprocessable"');
  expect(readStream(events.slice(0, -1).join('\n\n')).content).toBe('Ask jane@acme.io or ');
});

test.each([true, false])(
  'by egress a tool is kept from what it may not know (streamed: %s)',
  async (stream) => {
    const kept = await answerOf({ output: 'allow', egress: { '*': [] } }, stream);
    expect(kept.text).toMatch(/"name":"web","arguments":"\{\\"q\\": \\"\[EMAIL_\w{6}\]\\"\}"/);
    expect(kept.text).toContain('acme.io');
    const told = await answerOf({ output: 'allow', egress: { '*': [], web: ['EMAIL'] } }, stream);
    expect(told.text).toContain(String.raw`{\"q\": \"jane@acme.io\"}`);
  },
);

test('what was sent before is sent byte by byte the same with the next turn, whatever that brings', async () => {
  await using guard = await runGuard();
  const tools = [{ type: 'function', function: { name: 'f', description: 'asks joe@evil.org' } }];
  const first = { role: 'user', content: 'jane@acme.io, [EMAIL_k3f9x2]' };
  await guard.chat({ model: 'm', messages: [first], tools });
  const placeholders = guard.provider.received[0]?.body.match(/\[EMAIL_\w+\]/g) ?? [];
  expect(placeholders).toHaveLength(3);
  // The next turn holds what looks like the placeholders that were given before.
  const second = { role: 'user', content: `${placeholders.join(' ')} and max@evil.org` };
  await guard.chat({ model: 'm', messages: [first, second], tools });
  const [before, after] = guard.provider.received.map(({ body }) => body);
  expect(after?.startsWith(before?.slice(0, -2) ?? '?')).toBe(true);
  expect(after?.match(/\[EMAIL_\w+\]/g)).toHaveLength(7);
});

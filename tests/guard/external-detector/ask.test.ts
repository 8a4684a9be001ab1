import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { GuardKnowledge } from '../../../src/core/knowledge.ts';
import { ask, runGuard } from '../support/guard.ts';

interface Asked {
  readonly path: string;
  readonly body: string;
}

/** A detector over real HTTP; one that answers nothing never does. */
async function startDetector(answer: (asked: Asked) => unknown) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = { path: request.url ?? '', body: Buffer.concat(chunks).toString() };
      asked.push(call);
      const said = answer(call);
      if (said !== undefined)
        response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const guardWith = (detector: object) => runGuard({ knowledge: GuardKnowledge.parse({ detector }) });
const sent = (guard: Awaited<ReturnType<typeof runGuard>>) => JSON.stringify(guard.provider.received.at(-1));

test('what Presidio finds is masked in the whole request, though it counts code points', async () => {
  await using detector = await startDetector(({ body }) => {
    const { text } = JSON.parse(body) as { text: string };
    const start = Array.from(text.slice(0, text.indexOf('Vexu'))).length;
    return [
      { entity_type: 'PERSON', start, end: start + 10, score: 0.85 },
      { entity_type: 'DATE_TIME', start: 0, end: 2, score: 0.9 },
    ];
  });
  await using guard = await guardWith({ kind: 'presidio', url: detector.url });
  const messages = [
    { role: 'system', content: 'You know Vexu Orbla.' },
    { role: 'user', content: '😀😀 Vexu Orbla, jane@acme.io' },
  ];
  await guard.chat({ model: 'gpt-test', messages });
  expect(sent(guard)).not.toMatch(/Vexu|jane@/);
  expect(sent(guard)).toMatch(/know \[PERSON_\w+\]/);
  expect(detector.asked).toHaveLength(1);
  expect(detector.asked[0]?.path).toBe('/analyze');
});

test('a model gives values, of which only those count that stand in the text', async () => {
  await using detector = await startDetector(() => {
    const spans = [
      { kind: 'PERSON', text: 'Vexu Orbla' },
      { kind: 'PERSON', text: 'Somebody Else' },
    ];
    return { choices: [{ message: { content: JSON.stringify({ spans }) } }] };
  });
  await using guard = await guardWith({ kind: 'openai', url: detector.url, model: 'tiny' });
  await guard.chat(ask('Ask Vexu Orbla'));
  expect(sent(guard)).toMatch(/Ask \[PERSON_\w+\]/);
  expect(detector.asked[0]?.path).toBe('/chat/completions');
});

describe.each<[string, () => unknown]>([
  ['that does not answer in time', () => undefined],
  ['that answers nonsense', () => ({ hello: 'Vexu Orbla' })],
])('with a detector %s', (_, answer) => {
  test('a request is refused', async () => {
    await using detector = await startDetector(answer);
    await using guard = await guardWith({ kind: 'presidio', url: detector.url, timeout_ms: 50 });
    const response = await guard.chat(ask('Ask Vexu Orbla'));
    expect(response.status).toBe(503);
    expect(guard.provider.received).toHaveLength(0);
    expect(guard.log.join('')).not.toContain('Vexu');
  });

  test('a request passes where that is configured, masked by the others', async () => {
    await using detector = await startDetector(answer);
    const open = { kind: 'presidio', url: detector.url, timeout_ms: 50, on_failure: 'pass' };
    await using guard = await guardWith(open);
    const response = await guard.chat(ask('Ask Vexu Orbla, jane@acme.io'));
    expect(response.status).toBe(200);
    expect(sent(guard)).toMatch(/Ask Vexu Orbla, \[EMAIL_/);
    expect(guard.log.join('')).not.toContain('Vexu');
  });
});

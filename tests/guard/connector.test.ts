import type { LookupAddress } from 'node:dns';
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { createConnector, PRIVATE_ADDRESS } from '../../src/guard/connector.ts';
import { serveHttp } from './support/http.ts';

/** What a request through the connector comes to: the answer, or the code of the error. */
async function call(url: string, privateHosts: readonly string[], found: readonly LookupAddress[] = []) {
  const asked: string[] = [];
  const connect = createConnector({
    timeoutMs: 5000,
    privateHosts,
    resolve: (hostname, _options, done) => {
      asked.push(hostname);
      done(null, [...found]);
    },
  });
  const dispatcher = new Agent({ connect });
  try {
    return { answer: await text((await request(url, { dispatcher })).body), asked };
  } catch (error) {
    return { code: Reflect.get(error as Error, 'code') as unknown, asked };
  } finally {
    await dispatcher.destroy();
  }
}

const serveHere = () =>
  serveHttp((_request, response) => {
    response.end('here');
    return Promise.resolve();
  });

const LOOPBACK = { address: '127.0.0.1', family: 4 };

test.each(['http://127.0.0.1', 'http://[::1]', 'http://169.254.169.254', 'http://[::ffff:127.0.0.1]'])(
  '%s is refused unless it is named',
  async (url) => {
    expect(await call(url, [])).toEqual({ code: PRIVATE_ADDRESS, asked: [] });
  },
);

test('a literal address that is named is called', async () => {
  await using server = await serveHere();
  expect(await call(server.url, ['127.0.0.1'])).toMatchObject({ answer: 'here' });
});

test('a name that leads to a private address is refused, unless it is named', async () => {
  await using server = await serveHere();
  const url = `http://model.example:${server.port}`;
  expect(await call(url, [], [LOOPBACK])).toMatchObject({ code: PRIVATE_ADDRESS });
  expect(await call(url, ['model.EXAMPLE'], [LOOPBACK])).toMatchObject({ answer: 'here' });
});

test('of several addresses only those of the internet are called', async () => {
  await using server = await serveHere();
  const documented = { address: '2001:db8::1', family: 6 };
  expect(await call(`http://model.example:${server.port}`, [], [LOOPBACK, documented])).toMatchObject({
    code: PRIVATE_ADDRESS,
  });
});

test('a name is resolved once for a connection, and that goes to the address which was checked', async () => {
  await using server = await serveHere();
  const { asked } = await call(`http://model.example:${server.port}`, ['model.example'], [LOOPBACK]);
  expect(asked).toEqual(['model.example']);
});

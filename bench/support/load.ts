import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { Agent, request } from 'undici';
import type { startBenchController } from './controller.ts';
import { quantile } from './statistics.ts';

export type Mesh = Awaited<ReturnType<typeof startBenchController>>;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly token: string;
  readonly body?: unknown;
}

/** What the answers to earlier calls of the same client have left for later ones. */
export type Memory = Record<string, string>;

export interface Step {
  /** Always the same, or made of what the client remembers. */
  readonly call: Call | ((memory: Memory) => Call);
  /** Notes what a later step needs. */
  readonly remember?: (answer: unknown, memory: Memory) => void;
}

export interface Load {
  readonly clients: number;
  readonly seconds: number;
  /** What client n does, over and over, one call at a time. */
  readonly steps: (client: number) => readonly Step[];
}

export interface Measured {
  /** Calls in each second, on average. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Lets many clients call a controller at the same time. Throws if one call fails: a fast refusal is no speed. */
export async function putLoad(mesh: Mesh, { clients, seconds, steps }: Load): Promise<Measured> {
  const failures: string[] = [];
  let opened = 0;
  const result = await autocannon({
    url: mesh.url,
    connections: clients,
    duration: seconds,
    setupClient(client) {
      const memory: Memory = {};
      client.setRequests(steps(opened).map((step) => toRequest(step, memory, failures)));
      opened += 1;
    },
  });
  if (failures[0] !== undefined) throw new Error(`${failures.length} calls failed: ${failures[0]}`);
  const { requests, latency } = result;
  return { perSecond: requests.total / result.duration, p50: latency.p50, p99: latency.p99 };
}

function toRequest({ call, remember }: Step, memory: Memory, failures: string[]): autocannon.Request {
  return {
    // What is always the same is written out once: the clients share the machine with what they measure.
    ...(typeof call === 'function'
      ? { setupRequest: (request) => ({ ...request, ...render(call(memory)) }) }
      : render(call)),
    onResponse: (status, body) => {
      if (status >= 300 || status === 204) failures.push(`HTTP ${status} ${body.slice(0, 300)}`);
      else if (remember !== undefined) remember(JSON.parse(body), memory);
    },
  };
}

function render({ method, path, token, body }: Call): Partial<autocannon.Request> {
  return {
    method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/**
 * Calls that come independently of each other, as those of people do: each client thinks for a random time (exponential)
 * before its next one, so that all of them make `rate` calls a second.
 */
export async function putUsualLoad(
  mesh: Mesh,
  { clients, seconds, rate, steps }: Load & { readonly rate: number },
): Promise<Measured> {
  const dispatcher = new Agent({ connections: clients });
  const took: number[] = [];
  const over = performance.now() + seconds * 1000;
  const beOne = async (client: number) => {
    const calls = steps(client).map(({ call }) => (typeof call === 'function' ? call({}) : call));
    for (let n = 0; performance.now() < over; n += 1) {
      await sleep((-Math.log(1 - Math.random()) * clients * 1000) / rate);
      const { method, path, token, body } = calls[n % calls.length] ?? calls[0] ?? raise();
      const startedAt = performance.now();
      const { statusCode, body: answer } = await request(new URL(path, mesh.url), {
        method,
        dispatcher,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      await answer.dump();
      if (statusCode >= 300) throw new Error(`HTTP ${statusCode} of ${method} ${path}`);
      took.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => beOne(client)));
  await dispatcher.close();
  return { perSecond: took.length / seconds, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

function raise(): never {
  throw new Error('there is nothing to call');
}

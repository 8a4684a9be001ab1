import autocannon from 'autocannon';
import type { startBenchController } from './controller.ts';

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
  /** Given what the client remembers. */
  readonly call: (memory: Memory) => Call;
  /** Notes what a later step needs. */
  readonly remember?: (answer: unknown, memory: Memory) => void;
}

export interface Load {
  readonly clients: number;
  readonly seconds: number;
  /** Calls a second of all clients together; undefined: as many as they can. */
  readonly rate?: number;
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
export async function putLoad(mesh: Mesh, { clients, seconds, rate, steps }: Load): Promise<Measured> {
  const failures: string[] = [];
  let opened = 0;
  const result = await autocannon({
    url: mesh.url,
    connections: clients,
    duration: seconds,
    ...(rate === undefined ? {} : { overallRate: rate }),
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
    setupRequest: (request) => {
      const { method, path, token, body } = call(memory);
      return {
        ...request,
        method,
        path,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
    },
    onResponse: (status, body) => {
      if (status >= 300 || status === 204) failures.push(`HTTP ${status} ${body.slice(0, 300)}`);
      else remember?.(JSON.parse(body), memory);
    },
  };
}

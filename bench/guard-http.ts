import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { Agent, request } from 'undici';
import { startBenchController } from './support/controller.ts';
import { startProgram } from './support/programs.ts';
import { median, quantile } from './support/statistics.ts';
import { millis, printTable } from './support/table.ts';

const SECONDS = 5;
const RATE = 500;
const CLIENTS = 50;
const STREAMS = 500;
/** Pieces of 100 ms each. */
const LONG = 80;

/** What a mail from a colleague looks like: two addresses and a phone number in 1 KB. */
const CONTENT = `Hello, please find below what we agreed upon. ${'The budget of the next quarter is open, and the plan needs work. '.repeat(13)}
Write to ada.morgan@example.org or ben@example.org, or call +1 415 555 2671.`;

/** Where the same request is sent in turn. */
interface Target {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

/** A call through the guard's own process, against the same call to the model itself and through the plainest proxy. */
export async function benchGuardHttp(): Promise<void> {
  await using model = await startProgram('model');
  await using proxy = await startProgram('pass-through', model.url);
  await using mesh = await startBenchController();
  const guard = await mesh.startGuard('finance', model.url);
  const token = await mesh.as('agent:finance').token();
  const plain: Target = { name: 'through a plain proxy', url: proxy.url, token, pid: proxy.pid };
  const guarded: Target = { name: 'through the guard', url: guard.url, token, pid: guard.pid };
  const targets = [{ name: 'the model itself', url: model.url, token, pid: model.pid }, plain, guarded];
  const freshPlain = await openStreams(plain);
  const fresh = await openStreams(guarded);
  for (const target of targets) await putRate(target, 2);

  const rows: string[][] = [];
  for (const target of targets) {
    const usual = await putRate(target, SECONDS);
    const most = await putMost(target);
    const first = await timeFirstPieces(target);
    rows.push([
      target.name,
      millis(median(usual)),
      millis(quantile(usual, 0.99)),
      millis(median(first)),
      most.perSecond.toFixed(0),
      millis(most.processorMs),
    ]);
  }
  printTable(
    `Calls of 1 KB through HTTP, ${RATE} a second at random times, and as many as ${CLIENTS} clients can`,
    ['', 'p50', 'p99', 'first piece of a stream, p50', 'calls/s at most', 'processor time of a call'],
    rows,
  );
  const laterPlain = await openStreams(plain);
  const later = await openStreams(guarded);
  printTable(
    `Memory with ${STREAMS} open streams (RSS; target: under 150 MB)`,
    ['', 'idle', 'with the streams open'],
    [
      ['a plain proxy that has just started', `${freshPlain.idle} MB`, `${freshPlain.open} MB`],
      ['a guard that has just started', `${fresh.idle} MB`, `${fresh.open} MB`],
      ['that proxy after as many calls as it can', `${laterPlain.idle} MB`, `${laterPlain.open} MB`],
      ['that guard after as many', `${later.idle} MB`, `${later.open} MB`],
    ],
  );
}

function post({ url, token }: Target, dispatcher: Agent, stream = 0) {
  return request(new URL('/v1/chat/completions', url), {
    method: 'POST',
    dispatcher,
    headers: headersOf(token),
    body: bodyOf(stream),
  });
}

/** Times calls that begin at random times, independently of how long others take. */
async function putRate(target: Target, seconds: number): Promise<readonly number[]> {
  const dispatcher = new Agent({ connections: 200 });
  const took: number[] = [];
  const calls: Promise<void>[] = [];
  const call = async () => {
    const startedAt = performance.now();
    const { statusCode, body } = await post(target, dispatcher);
    const answer = await body.text();
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode} ${answer}`);
    took.push(performance.now() - startedAt);
  };
  const startedAt = performance.now();
  for (let due = 0; due < seconds * 1000; due += (-Math.log(1 - Math.random()) * 1000) / RATE) {
    const early = due - (performance.now() - startedAt);
    if (early > 1) await sleep(early);
    calls.push(call());
  }
  await Promise.all(calls);
  await dispatcher.close();
  return took;
}

/** As many calls as clients can make, and what one costs the process that answers. */
async function putMost({ url, token, pid }: Target) {
  const before = await readProcessorMs(pid);
  const { requests, duration, non2xx, errors, statusCodeStats } = await autocannon({
    url: `${url}/v1/chat/completions`,
    method: 'POST',
    connections: CLIENTS,
    duration: SECONDS,
    headers: headersOf(token),
    body: bodyOf(0),
  });
  if (non2xx + errors > 0)
    throw new Error(`${non2xx} refused, ${errors} failed: ${JSON.stringify(statusCodeStats)}`);
  const processorMs = ((await readProcessorMs(pid)) - before) / requests.total;
  return { perSecond: requests.total / duration, processorMs };
}

async function timeFirstPieces(target: Target): Promise<readonly number[]> {
  const dispatcher = new Agent();
  const took: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const startedAt = performance.now();
    const { body } = await post(target, dispatcher, 1);
    for await (const _piece of body) {
      took.push(performance.now() - startedAt);
      break;
    }
  }
  await dispatcher.destroy();
  return took;
}

/** The memory of a process before, and the most while streams are open through it, in MB. */
async function openStreams(target: Target) {
  const idle = await readMemory(target.pid);
  const dispatcher = new Agent({ connections: STREAMS });
  const streams = Array.from({ length: STREAMS }, async () => {
    const { statusCode, body } = await post(target, dispatcher, LONG);
    const answer = await body.text();
    if (statusCode !== 200 || !answer.includes('[DONE]'))
      throw new Error(`HTTP ${statusCode}: a stream broke`);
  });
  let open = 0;
  const done = Promise.all(streams).then(() => true);
  while (!(await Promise.race([done, sleep(250, false)])))
    open = Math.max(open, await readMemory(target.pid));
  await dispatcher.close();
  return { idle, open };
}

/** What a process has used of all processors, in milliseconds: other than its speed, it depends little on other processes. */
async function readProcessorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10;
}

async function readMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}

function headersOf(token: string) {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

function bodyOf(stream: number): string {
  const more = stream === 0 ? {} : { stream: true, max_tokens: stream };
  return JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: CONTENT }], ...more });
}

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWorkBell, type WorkBell } from '../../../src/controller/work/bell.ts';
import { startTestController, type TestController } from '../../support/controller.ts';

/** Several agents of one role. */
const REPLICAS = ['finance', 'finance-2', 'finance-3', 'finance-4'];

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    moreClients: REPLICAS.slice(2).map((name) => ({ kind: 'agent', name, roles: ['finance'] })),
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const alice = () => (person ??= mesh.as('user:alice'));
let person: ReturnType<TestController['as']> | undefined;
const send = () => alice().tasks.route({ target: 'finance', description: 'New chairs.' });

test('tasks that come one by one are shared equally by the agents that wait', async () => {
  const crew = createCrew();
  const waiting = new Map(REPLICAS.map((name) => [name, crew.take(name)]));
  const serveNext = async () => {
    await send();
    const name = await Promise.race(waiting.values());
    waiting.set(name, crew.take(name));
  };
  // Those who come late are served late: the counting begins when all have come.
  while (crew.counts().includes(0)) await serveNext();
  const before = crew.counts();
  for (let n = 0; n < 8 * REPLICAS.length; n += 1) await serveNext();
  for (const [n, count] of crew.counts().entries()) {
    // One that is still on its way back to the queue when the next task comes is passed over.
    expect(Math.abs(count - (before[n] ?? 0) - 8)).toBeLessThanOrEqual(2);
  }
  await Promise.all(REPLICAS.map(send));
  await Promise.all(waiting.values());
});

test('a burst is shared by the agents that wait, though each asks for more at once', async () => {
  const crew = createCrew();
  const each = 8;
  const loops = REPLICAS.map(async (name) => {
    while (crew.taken() < each * REPLICAS.length) await crew.take(name);
  });
  await Promise.all(Array.from({ length: each * REPLICAS.length }, send));
  // One more for each that has begun to wait for what others have got.
  await Promise.race([
    Promise.all(loops),
    vi.waitUntil(() => crew.taken() === each * REPLICAS.length, PATIENT),
  ]);
  const counts = crew.counts();
  await Promise.all(REPLICAS.map(send));
  await Promise.all(loops);
  // Who asks anew later, on a busy machine, is behind those who asked before.
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(each / 2);
  expect(Math.max(...counts)).toBeLessThanOrEqual(each * 1.5);
});

const PATIENT = { timeout: 20_000 };

/** The replicas, and how many tasks each has taken. */
function createCrew() {
  const agents = new Map(REPLICAS.map((name) => [name, { client: mesh.as(`agent:${name}`), taken: 0 }]));
  const counts = () => [...agents.values()].map(({ taken }) => taken);
  return {
    counts,
    taken: () => counts().reduce((sum, count) => sum + count),
    /** Waits for a task and takes it; gives the name. */
    async take(name: string): Promise<string> {
      const agent = agents.get(name) ?? expect.unreachable();
      const claim = await agent.client.tasks.claim(randomUUID(), 60_000);
      expect(claim?.task.agent).toBe(name);
      agent.taken += 1;
      return name;
    },
  };
}

test('of agents that all wait, none is ever served twice more than another', async () => {
  const bursts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), bursts, async (replicas, sizes) => {
      const bell = createWorkBell();
      const desk = { tasks: 0 };
      const stop = new AbortController();
      const agents = Array.from({ length: replicas }, (_, n) => ({ name: `agent-${n}`, served: 0 }));
      const loops = agents.map((agent) => serve(bell, desk, agent, stop.signal));
      for (const size of sizes) {
        desk.tasks += size;
        bell.ring('finance');
        await settle();
        expect(desk.tasks).toBe(0);
        const counts = agents.map(({ served }) => served);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
      stop.abort();
      await Promise.all(loops);
    }),
  );
});

/** Takes one task after the other, as long as there are any, and waits for the bell in between. */
async function serve(
  bell: WorkBell,
  desk: { tasks: number },
  agent: { name: string; served: number },
  signal: AbortSignal,
): Promise<void> {
  const guest = { role: 'finance', agent: agent.name, signal };
  let turn = await bell.enter(guest);
  while (turn !== undefined) {
    await Promise.resolve();
    const isServed = turn.mayTakeNew && desk.tasks > 0;
    if (isServed) {
      desk.tasks -= 1;
      agent.served += 1;
    }
    if (isServed) turn.end(true);
    turn = isServed ? await bell.enter(guest) : await bell.wait(guest, turn, 60_000);
  }
}

/** Whatever needs no timer has happened. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

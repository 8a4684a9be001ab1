import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { workInOrder } from '../../../src/mesh/engines/docker/order.ts';
import { createPool } from '../../../src/mesh/engines/docker/pool.ts';
import type { ServicePlan } from '../../../src/mesh/plan.ts';
import { planModel } from './support/services.ts';

const { signal } = new AbortController();

const prepare = () => Promise.resolve();

it('runs each service after those it comes after, and the others at the same time', async () => {
  const log: string[] = [];
  const services = [planModel('last', { after: ['left', 'right'] }), planModel('left'), planModel('right')];
  const run = async ({ name }: ServicePlan) => {
    log.push(`${name} begins`);
    await sleep(10);
    log.push(`${name} ends`);
  };

  await workInOrder(services, signal, { prepare, run });

  expect(log).toEqual(['left begins', 'right begins', 'left ends', 'right ends', 'last begins', 'last ends']);
});

it('goes on with those that come after as soon as one has started, and waits for all in the end', async () => {
  const log: string[] = [];
  const services = [planModel('last', { after: ['first'] }), planModel('first')];
  const run = async ({ name }: ServicePlan, _: AbortSignal, started: () => void) => {
    log.push(`${name} begins`);
    started();
    await sleep(10);
    log.push(`${name} ends`);
  };

  await workInOrder(services, signal, { prepare, run });

  expect(log).toEqual(['first begins', 'last begins', 'first ends', 'last ends']);
});

it('aborts the rest at the first failure, and fails with it when nothing is being done any more', async () => {
  const log: string[] = [];
  const services = [planModel('slow'), planModel('broken'), planModel('never', { after: ['slow'] })];
  const reason = new Error('broken');
  const run = async ({ name }: ServicePlan, either: AbortSignal) => {
    log.push(name);
    if (name === 'broken') throw reason;
    await sleep(10);
    log.push(`${name} aborted: ${String(either.aborted)}`);
  };

  await expect(workInOrder(services, signal, { prepare, run })).rejects.toBe(reason);
  expect(log).toEqual(['slow', 'broken', 'slow aborted: true']);
});

it('runs nothing any more when something cannot be prepared, and waits for what is', async () => {
  const log: string[] = [];
  const services = [planModel('slow'), planModel('broken'), planModel('later', { after: ['slow'] })];
  const work = {
    prepare: async ({ name }: ServicePlan) => {
      if (name === 'broken') throw new Error('no');
      await sleep(10);
      log.push(`${name} prepared`);
    },
    run: ({ name }: ServicePlan) => Promise.resolve(void log.push(name)),
  };

  await expect(workInOrder(services, signal, work)).rejects.toThrow('no');
  expect(log).toEqual(['slow prepared', 'later prepared']);
});

it('has no more tasks at once than there are places', async () => {
  const pool = createPool(2);
  let [now, most] = [0, 0];
  const task = async () => {
    now += 1;
    most = Math.max(most, now);
    await sleep(5);
    now -= 1;
  };

  await Promise.all([1, 2, 3, 4, 5].map(() => pool(task)));

  expect(most).toBe(2);
});

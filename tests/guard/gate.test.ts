import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMeshError } from '../../src/core/errors.ts';
import { createGate } from '../../src/guard/gate.ts';

test('as many calls are open at the same time as may be, and one that has ended makes room once', () => {
  const gate = createGate({ concurrent: 2 });
  const [leave] = [gate.enter(), gate.enter()];
  expect(() => gate.enter()).toThrow('2 calls at the same time');
  leave();
  leave();
  gate.enter();
  expect(() => gate.enter()).toThrow('2 calls at the same time');
});

test('no minute has more calls than its limit, and who waits as told gets in', () => {
  const waits = fc.array(fc.nat(30_000), { maxLength: 200 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 20 }), (steps, rate) => {
      let now = 0;
      const gate = createGate({ requests_per_minute: rate, concurrent: 1000 }, () => now);
      const passed: number[] = [];
      const enter = () => {
        gate.enter();
        passed.push(now);
      };
      for (const step of steps) {
        now += step;
        try {
          enter();
        } catch (error) {
          now += secondsToWait(error) * 1000;
          enter();
        }
      }
      for (const from of passed) {
        expect(passed.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(rate);
      }
    }),
  );
});

function secondsToWait(error: unknown): number {
  return isMeshError(error) ? Number(error.details['retry_after']) : Number.NaN;
}

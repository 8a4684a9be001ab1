import type { StepFailure, StepResult } from '../core/run.ts';
import type { ExpectContext } from './expect/context.ts';
import { expect } from './expect/expect.ts';
import { explain } from './expect/explain.ts';
import type { Expectation, Step } from './schema.ts';

export interface SettleSteps {
  readonly steps: readonly Step[];
  readonly context: ExpectContext;
  /** How long a step may take that says nothing itself. */
  readonly withinSeconds: number;
  /** Rejects when the run must end whatever its steps say. */
  readonly disturbance: Promise<never>;
  /** `performance.now()` when the run started. */
  readonly startedAt: number;
  readonly onChange: (results: readonly StepResult[]) => void;
}

/** Settles steps in their order. Skipped are those after a failure, and those that only a rehearsal can show. */
export async function settleSteps(settle: SettleSteps): Promise<readonly StepResult[]> {
  const { steps, context, disturbance, startedAt, onChange } = settle;
  const results = listSteps(steps);
  const change = (index: number, status: StepResult['status'], failure: StepFailure | null = null) => {
    const settled = status === 'running' ? null : Math.round(performance.now() - startedAt);
    results[index] = { name: steps[index]?.name ?? '', status, at_ms: settled, failure };
    onChange([...results]);
  };
  for (const [index, step] of steps.entries()) {
    if (results.some(({ status }) => status === 'failed')) {
      change(index, 'skipped');
      continue;
    }
    const expectations = step.expect.filter((expectation) => isSeen(context, expectation));
    if (expectations.length === 0) {
      change(index, 'skipped');
      continue;
    }
    change(index, 'running');
    const ms = (step.within_seconds ?? settle.withinSeconds) * 1000;
    try {
      await Promise.race([runStep(context, expectations, ms), disturbance]);
      change(index, 'passed');
    } catch (error) {
      change(index, 'failed', explain(error));
    }
  }
  return results;
}

export function listSteps(steps: readonly Step[]): StepResult[] {
  return steps.map(({ name }) => ({ name, status: 'waiting', at_ms: null, failure: null }));
}

/** What only a rehearsal makes true, or can show, is left out where a real model speaks. */
function isSeen({ rehearsal }: ExpectContext, { only }: Expectation): boolean {
  return only === undefined || rehearsal !== undefined;
}

async function runStep(
  context: ExpectContext,
  expectations: readonly Expectation[],
  ms: number,
): Promise<void> {
  const giveUpAt = performance.now() + ms;
  for (const expectation of expectations) await expect(context, expectation, giveUpAt - performance.now());
}

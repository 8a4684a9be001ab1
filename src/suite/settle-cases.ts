import type { CheckResult } from '../core/suite.ts';
import { explain } from '../scenario/expect/explain.ts';
import type { SuiteMesh } from './mesh.ts';
import type { SuiteCase } from './suite.ts';

export interface SettleCases {
  readonly cases: readonly SuiteCase[];
  readonly mesh: SuiteMesh;
  /** Ends the run: what has not begun then is skipped. */
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts. */
  readonly disturbance: Promise<never>;
  /** `performance.now()` when the run started. */
  readonly startedAt: number;
  readonly onChange: (results: readonly CheckResult[]) => void;
}

/** Settles cases in their order. They do not depend on each other: one that fails keeps none from being run. */
export async function settleCases(settle: SettleCases): Promise<readonly CheckResult[]> {
  const results = settle.cases.flatMap(listChecks);
  let first = 0;
  for (const suiteCase of settle.cases) {
    const start = first;
    await settleCase(suiteCase, settle, (index, change) => {
      const before = results[start + index];
      if (before === undefined) throw new RangeError('a case has no more checks than it names');
      const isOver = change.status !== 'running';
      const at_ms = isOver ? Math.round(performance.now() - settle.startedAt) : null;
      results[start + index] = { ...before, at_ms, ...change };
      settle.onChange([...results]);
    });
    first += suiteCase.checks.length;
  }
  return results;
}

function listChecks({ name, checks }: SuiteCase): CheckResult[] {
  return checks.map((check) => ({
    case: name,
    name: check,
    status: 'waiting',
    at_ms: null,
    failure: null,
    reason: null,
  }));
}

type Change = Pick<CheckResult, 'status'> & Partial<Pick<CheckResult, 'failure' | 'reason'>>;

async function settleCase(
  suiteCase: SuiteCase,
  { mesh, signal, disturbance }: SettleCases,
  change: (index: number, change: Change) => void,
): Promise<void> {
  const skipFrom = (start: number, reason: string) => {
    for (let index = start; index < suiteCase.checks.length; index += 1)
      change(index, { status: 'skipped', reason });
  };
  const obstacle = signal.aborted ? INTERRUPTED : suiteCase.obstacle(mesh);
  if (obstacle !== undefined) {
    skipFrom(0, obstacle);
    return;
  }
  change(0, { status: 'running' });
  let checks: Awaited<ReturnType<SuiteCase['act']>>;
  try {
    checks = await Promise.race([suiteCase.act(mesh), disturbance]);
  } catch (error) {
    change(0, { status: 'failed', failure: explain(error) });
    skipFrom(1, 'what the case does could not be done');
    return;
  }
  for (const [index, check] of checks.entries()) {
    if (signal.aborted) {
      skipFrom(index, INTERRUPTED);
      return;
    }
    change(index, { status: 'running' });
    try {
      await Promise.race([check(), disturbance]);
      change(index, { status: 'passed' });
    } catch (error) {
      change(index, { status: 'failed', failure: explain(error) });
    }
  }
}

const INTERRUPTED = 'the run was interrupted';

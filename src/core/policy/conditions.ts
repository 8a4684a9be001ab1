import { isJsonObject } from '../json.ts';
import type { ApprovalRule, Comparison } from '../policy.ts';

/** What a policy reads of a task. */
export interface PolicyFacts {
  readonly type: string;
  readonly amount: number | null;
  readonly priority: number;
  readonly source: string;
  readonly owner: string;
  readonly target: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Test = (facts: PolicyFacts) => boolean;

/**
 * The conditions of a rule, as one test. Senders choose the data of their tasks, so in doubt a condition holds and
 * somebody is asked: neither capitals nor spaces around a text matter, and what is no number is both over and under.
 */
export function compileConditions(where: ApprovalRule['where']): Test {
  const tests = Object.entries(where).map(([field, expected]) => {
    const read = compileField(field);
    const holds = compileComparison(isJsonObject(expected) ? expected : { equals: expected });
    return (facts: PolicyFacts) => holds(read(facts));
  });
  return (facts) => tests.every((holds) => holds(facts));
}

function compileField(field: string): (facts: PolicyFacts) => unknown {
  const path = field.split('.');
  return (facts) => path.reduce<unknown>(step, facts);
}

function step(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function compileComparison({ equals, one_of, over, under, present }: Comparison) {
  const wanted = equals === undefined ? undefined : fold(equals);
  const several = one_of === undefined ? undefined : new Set(one_of.map(fold));
  return (value: unknown): boolean => {
    const isThere = value !== undefined && value !== null;
    if (present !== undefined && isThere !== present) return false;
    if (!isThere) return present === false;
    if (wanted !== undefined && fold(value) !== wanted) return false;
    if (several !== undefined && !several.has(fold(value))) return false;
    if (over !== undefined && typeof value === 'number' && value <= over) return false;
    return under === undefined || typeof value !== 'number' || value < under;
  };
}

/** 5 and "5" are one, as are true and "True". */
function fold(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : JSON.stringify(value);
}

import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../core/json.ts';
import type { Condition, Conditions } from '../schema.ts';
import { fill, valueAt } from '../template.ts';

/** A condition that did not hold. */
export interface Unmet {
  readonly path: string;
  readonly expected: string;
  readonly seen: unknown;
}

/** The conditions that a value does not meet. `{{ }}` in them is filled from `values` first. */
export function findUnmet(value: unknown, conditions: Conditions, values: unknown): readonly Unmet[] {
  return Object.entries(conditions).flatMap(([path, wanted]) => {
    const seen = valueAt(value, path);
    return listConditions(wanted)
      .map((condition) => fill(condition, values) as Condition)
      .filter((condition) => !holds(condition, seen))
      .map((condition) => ({ path, expected: describeCondition(condition), seen }));
  });
}

export function describeConditions(conditions: Conditions, values: unknown): string {
  return Object.entries(conditions)
    .flatMap(([path, wanted]) =>
      listConditions(wanted).map(
        (condition) => `${path} ${describeCondition(fill(condition, values) as Condition)}`,
      ),
    )
    .join(', ');
}

/** A list is several conditions if each is a test; otherwise it is a literal list to be equal to. */
function listConditions(wanted: Condition | readonly Condition[]): readonly Condition[] {
  if (!Array.isArray(wanted)) return [wanted as Condition];
  return wanted.length > 0 && wanted.every(isTest) ? (wanted as readonly Condition[]) : [wanted];
}

function isTest(condition: unknown): boolean {
  return isJsonObject(condition) && Object.keys(condition).every((key) => TESTS.has(key));
}

const TESTS = new Set(['contains', 'lacks', 'matches', 'not']);

function holds(condition: Condition, seen: unknown): boolean {
  if (!isJsonObject(condition)) return isDeepStrictEqual(condition, seen);
  const text = typeof seen === 'string' ? seen : JSON.stringify(seen ?? null);
  if ('contains' in condition) return text.includes(condition['contains']);
  if ('lacks' in condition) return !text.includes(condition['lacks']);
  if ('matches' in condition) return new RegExp(condition['matches']).test(text);
  return !isDeepStrictEqual(condition['not'], seen);
}

function describeCondition(condition: Condition): string {
  if (!isJsonObject(condition)) return `= ${JSON.stringify(condition)}`;
  const [test, wanted] = Object.entries(condition)[0] ?? [];
  return `${test ?? ''} ${JSON.stringify(wanted)}`;
}

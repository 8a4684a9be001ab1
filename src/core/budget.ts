import { z } from 'zod';

/** What may be used up. Tokens count both ways; the cost is in US dollars, by the price table. */
const Allowance = z.strictObject({
  calls: z.int().nonnegative().optional(),
  tokens: z.int().nonnegative().optional(),
  cost: z.number().nonnegative().optional().describe('US dollars'),
});
export type Allowance = z.infer<typeof Allowance>;

/** How much a role may use of its models. Whatever is left out has no limit. */
export const Budgets = z.strictObject({
  per_day: Allowance.prefault({}).describe('All agents of the role together, a day in UTC'),
  per_task: Allowance.prefault({}).describe('One task, in all its attempts'),
});
export type Budgets = z.infer<typeof Budgets>;

/** What was used up. */
export interface Spending {
  readonly calls: number;
  readonly tokens: number;
  readonly cost: number;
}

export function hasBudget({ per_day, per_task }: Budgets): boolean {
  return [per_day, per_task].some((allowance) => Object.values(allowance).some((left) => left !== undefined));
}

/** The first limit that is reached; undefined while there is something left of all. */
export function findSpent(allowance: Allowance, spent: Spending): keyof Allowance | undefined {
  return UNITS.find((unit) => spent[unit] >= (allowance[unit] ?? Number.POSITIVE_INFINITY));
}

const UNITS = ['calls', 'tokens', 'cost'] as const satisfies readonly (keyof Allowance)[];

/** How fast the guard of one agent lets calls pass, and how long it waits for the model. */
export const CallLimits = z.strictObject({
  requests_per_minute: z.int().positive().max(100_000).optional(),
  concurrent: z.int().positive().max(10_000).default(500).describe('Calls at the same time'),
  connect_seconds: z.number().positive().max(120).default(10),
  first_byte_seconds: z.number().positive().max(3600).default(600).describe('Until an answer begins'),
  silence_seconds: z.number().positive().max(3600).default(300).describe('Between two pieces of an answer'),
});
export type CallLimits = z.infer<typeof CallLimits>;

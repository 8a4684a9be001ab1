import { z } from 'zod';
import { EVENT_KINDS } from '../core/event.ts';
import { Name } from '../core/identity.ts';
import { JsonObject } from '../core/json.ts';
import { Pattern } from './pattern.ts';
import { RehearsalScript } from './rehearsal/script.ts';

/**
 * A condition on a value: a literal must be equal; an object with one of these keys is a test. Strings may hold
 * `{{ name.path }}`, which stands for what an earlier expectation captured.
 */
const Condition = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.json()),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ lacks: z.string() }),
  z.strictObject({ matches: Pattern }),
  z.strictObject({ not: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
]);
export type Condition = z.infer<typeof Condition>;

/** Conditions by path: `data.target: finance`. */
const Conditions = z.record(z.string(), z.union([Condition, z.array(Condition)]));
export type Conditions = Readonly<Record<string, Condition | readonly Condition[]>>;

/** What only the words of the script make true: not looked at where a real model speaks. */
const only = z.literal('rehearsal').optional();

/** Waits for an event of the run. */
const ExpectEvent = z.strictObject({
  event: z.enum(EVENT_KINDS),
  where: Conditions.default({}),
  as: Name.optional().describe('Captures the event; {{ name.id }} is the id of its subject'),
  only,
});

/** Reads a row of the database through the controller. */
const ExpectRecord = z.strictObject({
  record: z.enum(['task', 'session', 'approval']),
  id: z.string(),
  has: Conditions,
  as: Name.optional(),
  only,
});

/** The states that a session went through, by its history in the database. */
const ExpectHistory = z.strictObject({
  history: z.string().describe('Id of a session'),
  events: z.array(z.string()).min(1),
  only,
});

/** The receipt of an approval, checked with the public keys of the mesh. */
const ExpectReceipt = z.strictObject({
  receipt: z.string().describe('Id of an approval'),
  has: Conditions,
  only,
});

/** What the models were sent, as the rehearsal model itself recorded it; a real one keeps no such record. */
const ExpectUpstream = z.strictObject({
  upstream: z.strictObject({
    role: Name.optional(),
    never: z.array(z.string()).default([]),
    contains: z.array(z.string()).default([]),
  }),
  only: z.literal('rehearsal').default('rehearsal'),
});

const EXPECTATIONS = {
  event: ExpectEvent,
  record: ExpectRecord,
  history: ExpectHistory,
  receipt: ExpectReceipt,
  upstream: ExpectUpstream,
} as const;

/** Known by its first word, so that a mistake is told of that kind, not of all five. */
export const Expectation = z.looseObject({}).transform((given, context) => {
  const schema = Object.entries(EXPECTATIONS).find(([word]) => word in given)?.[1];
  if (schema === undefined) {
    const words = Object.keys(EXPECTATIONS).join(', ');
    context.addIssue(`expected one of ${words}, found ${Object.keys(given).join(', ') || 'nothing'}`);
    return z.NEVER;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: given } as never);
  return z.NEVER;
});
export type Expectation = z.infer<typeof Expectation>;
export type ExpectEvent = z.infer<typeof ExpectEvent>;

const Step = z.strictObject({
  name: z.string().min(1).max(200),
  within_seconds: z.number().positive().max(3600).optional(),
  expect: z.array(Expectation).min(1),
});
export type Step = z.infer<typeof Step>;

export const Scenario = z.strictObject({
  name: Name,
  title: z.string().min(1).max(200),
  description: z.string().default(''),
  roles: z.array(Name).min(1).describe('Roles whose agents must be there'),
  within_seconds: z.number().positive().max(3600).default(60).describe('How long each step may take'),
  values: z.record(Name, z.string()).default({}).describe('{{ values.name }} stands for these'),
  start: z.strictObject({
    target: Name,
    type: z.string(),
    amount: z.number().optional(),
    description: z.string(),
    data: JsonObject.default({}),
  }),
  steps: z.array(Step).min(1),
  afterwards: z.array(Step).default([]).describe('Checks of the whole run, when every step has passed'),
  rehearsal: RehearsalScript,
});
export type Scenario = z.infer<typeof Scenario>;

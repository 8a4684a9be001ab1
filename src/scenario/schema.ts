import { z } from 'zod';
import { EVENT_KINDS } from '../core/event.ts';
import { Name } from '../core/identity.ts';
import { JsonObject } from '../core/json.ts';
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
  z.strictObject({ matches: z.string() }),
  z.strictObject({ not: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
]);
export type Condition = z.infer<typeof Condition>;

/** Conditions by path: `data.target: finance`. */
const Conditions = z.record(z.string(), z.union([Condition, z.array(Condition)]));
export type Conditions = Readonly<Record<string, Condition | readonly Condition[]>>;

/** Waits for an event of the run. */
const ExpectEvent = z.strictObject({
  event: z.enum(EVENT_KINDS),
  where: Conditions.default({}),
  as: Name.optional().describe('Captures the event; {{ name.id }} is the id of its subject'),
});

/** Reads a row of the database through the controller. */
const ExpectRecord = z.strictObject({
  record: z.enum(['task', 'session', 'approval']),
  id: z.string(),
  has: Conditions,
  as: Name.optional(),
});

/** The states that a session went through, by its history in the database. */
const ExpectHistory = z.strictObject({
  history: z.string().describe('Id of a session'),
  events: z.array(z.string()).min(1),
});

/** The receipt of an approval, checked with the public keys of the mesh. */
const ExpectReceipt = z.strictObject({
  receipt: z.string().describe('Id of an approval'),
  has: Conditions,
});

/** What the models were sent, as the model itself recorded it. */
const ExpectUpstream = z.strictObject({
  upstream: z.strictObject({
    role: Name.optional(),
    never: z.array(z.string()).default([]),
    contains: z.array(z.string()).default([]),
  }),
});

export const Expectation = z.union([ExpectEvent, ExpectRecord, ExpectHistory, ExpectReceipt, ExpectUpstream]);
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

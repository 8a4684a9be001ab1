import { z } from 'zod';
import { MeshEvent } from './event.ts';
import { Timestamp } from './json.ts';
import { StepResult } from './run.ts';

/** A check of a suite: a step that belongs to a case. */
export const CheckResult = StepResult.extend({
  case: z.string(),
  reason: z.string().nullable().describe('Why it was skipped'),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** One execution of a suite. */
export const SuiteRun = z.object({
  id: z.uuid(),
  suite: z.string(),
  title: z.string(),
  mesh: z.string(),
  engine: z.string(),
  model: z.string(),
  started_at: Timestamp,
  duration_ms: z.number(),
  passed: z.boolean().describe('No check failed, and at least one passed'),
  checks: z.array(CheckResult),
  events: z.array(MeshEvent).describe('What the log says of the sessions of the run'),
  left: z.array(z.string()).describe('Sessions of the run that could not be removed'),
});
export type SuiteRun = z.infer<typeof SuiteRun>;

import { z } from 'zod';
import { Attachments } from './attachment.ts';
import { JsonObject, Timestamp } from './json.ts';
import { Session, SessionId } from './session.ts';

export const TASK_STATES = ['pending', 'active', 'completed', 'failed', 'cancelled'] as const;

/** What a completed task came to. Only `declined` never needs an approval. */
export const TASK_OUTCOMES = ['done', 'approved', 'declined'] as const;
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];

/** When a session that asked goes on: when all its questions are answered, or as soon as this one is. */
export const TASK_WAITS = ['all', 'first'] as const;
export type TaskWait = (typeof TASK_WAITS)[number];

/** The type of the task that brings an approval request to an agent which may decide it. */
export const APPROVAL_REVIEW = 'approval-review';

export const TaskId = z.uuid().brand<'TaskId'>();
export type TaskId = z.infer<typeof TaskId>;

export const TaskType = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');
export const Amount = z
  .number()
  .nonnegative()
  .max(999_999_999_999.99)
  .multipleOf(0.01, 'expected at most two decimal places');
const Currency = z.string().regex(/^[A-Z]{3}$/, 'expected three capital letters (ISO 4217)');

export const TaskResult = z.object({
  text: z.string(),
  data: JsonObject,
  attachments: Attachments.default([]),
});
export type TaskResult = z.infer<typeof TaskResult>;
/** A result as it is given: most refer to nothing. */
export type GivenResult = z.input<typeof TaskResult>;

export const Task = z.object({
  id: TaskId,
  type: z.string(),
  source: z.string().describe('The actor that sent it, such as user:alice or agent:finance'),
  source_session_id: SessionId.nullable().describe('The session that asked and waits'),
  asked_session_id: SessionId.nullable().describe(
    'The waiting session whose own conversation answers this follow-up question',
  ),
  owner: z.string().describe('The actor on whose behalf all of this happens'),
  target: z.string().describe('The role that shall do it'),
  description: z.string(),
  data: JsonObject,
  attachments: Attachments,
  result_schema: JsonObject.nullable().describe('JSON Schema that the data of the result must fit'),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  priority: z.int().describe('From 0 to 9; agents take the highest first'),
  wait: z.enum(TASK_WAITS).describe('When the session that asked goes on'),
  privileged: z.boolean().describe('Privileged, as is everything that comes from it'),
  status: z.enum(TASK_STATES),
  attempts: z.int(),
  max_attempts: z.int(),
  deadline: Timestamp.nullable().describe('When it fails unless it has ended'),
  retry_of: TaskId.nullable().describe('The failed or cancelled task that was sent anew as this one'),
  dead_letter: z.boolean().describe('True if it failed after all its attempts'),
  agent: z.string().nullable(),
  session_id: SessionId.nullable(),
  parent_id: TaskId.nullable(),
  approval_id: z.uuid().nullable().describe('The approval that this task asks to decide'),
  outcome: z.enum(TASK_OUTCOMES).nullable(),
  result: TaskResult.nullable(),
  failure: z.string().nullable(),
  trace_id: z.string(),
  created_at: Timestamp,
  claimed_at: Timestamp.nullable(),
  finished_at: Timestamp.nullable(),
  erased_at: Timestamp.nullable().describe('When its content was erased, as the profile of its target says'),
  kept_until: Timestamp.nullable().describe('Until when the result of an erased task can still be read'),
});
export type Task = z.infer<typeof Task>;

export const DEFAULT_PRIORITY = 5;
export const DEFAULT_TYPE = 'request';

export const DEFAULT_MAX_ATTEMPTS = 5;
/** RFC 3339 with its offset. Whether it lies in the future is for the clock of the database to say. */
export const Deadline = Timestamp.regex(/^20/, 'expected a time of this century');

export const NewTask = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(120)
    .describe('The role that shall do it; or whom the org chart knows as `my manager` or `owner of <thing>`'),
  type: TaskType.default(DEFAULT_TYPE),
  description: z.string().min(1).max(100_000).describe('What is to be done, in plain words'),
  data: JsonObject.default({}),
  attachments: Attachments.default([]),
  result_schema: JsonObject.optional().describe(
    'JSON Schema of an object, at most 16 KiB: a result whose data do not fit is refused',
  ),
  amount: Amount.optional().describe('Money at stake; policies read it'),
  currency: Currency.optional(),
  privileged: z
    .boolean()
    .default(false)
    .describe(
      'For cleared roles alone; from others the facts are hidden in whatever comes from it. Work beneath privileged work always is',
    ),
  priority: z
    .int()
    .min(0)
    .max(9)
    .default(DEFAULT_PRIORITY)
    .describe('Agents take the highest first. Work that an agent hands on keeps that of its own task'),
  wait: z
    .enum(TASK_WAITS)
    .default('all')
    .describe(
      'When a session that asks goes on: once all its questions are answered, or as soon as this one is',
    ),
  deadline: Deadline.optional().describe(
    'When it fails unless it has ended. Work that an agent hands on never has a later one than its own task',
  ),
  max_attempts: z
    .int()
    .min(1)
    .max(20)
    .default(DEFAULT_MAX_ATTEMPTS)
    .describe(
      'After so many attempts that broke it fails for good, as a dead letter. Work that an agent hands on has as many as its own task',
    ),
});
export type NewTask = z.infer<typeof NewTask>;

/** A JSON merge patch (RFC 7396) of an open task, of which people may change nothing else. */
export const TaskPatch = z.strictObject(
  {
    priority: NewTask.shape.priority.unwrap().optional(),
    deadline: Deadline.nullable().optional().describe('null: none of its own'),
    parent_id: z
      .uuid()
      .nullable()
      .optional()
      .describe('Another open task of the same owner, with which it ends; null: none'),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `a patch changes priority, deadline or parent_id of a task, not ${issue.keys.join(', ')}`
        : undefined,
  },
);
export type TaskPatch = z.infer<typeof TaskPatch>;

/** One attempt at a task, as the log tells of it. */
export const TaskAttempt = z.object({
  attempt: z.int(),
  agent: z.string(),
  started_at: Timestamp,
  ended_at: Timestamp.nullable(),
  end: z.enum(['released', 'completed', 'failed', 'cancelled']).nullable().describe('released: put back'),
  reason: z.string().nullable(),
});
export type TaskAttempt = z.infer<typeof TaskAttempt>;

/** Why a task is where it is. */
export const TaskHistory = z.object({
  attempts: z.array(TaskAttempt),
  next_attempt_at: Timestamp.nullable().describe('Until then it is left alone, after an attempt that broke'),
  waiting_on: z.array(z.string()).describe('Open questions of its session, as task:<id> and approval:<id>'),
});
export type TaskHistory = z.infer<typeof TaskHistory>;

/** The answer to a question that a session asked, or a question back to it, ready to become its next message. */
export const Answer = z.object({
  kind: z
    .enum(['task', 'approval', 'question'])
    .describe('What was answered; question: a follow-up question that the session itself is to answer'),
  id: z.uuid(),
  status: z.string(),
  by: z
    .string()
    .nullable()
    .describe('The actors whose answer it is, or who asks; null where an approval got none'),
  text: z.string(),
  data: JsonObject,
  attachments: Attachments,
});
export type Answer = z.infer<typeof Answer>;

export const ClaimRequest = z.strictObject({
  claim_id: z.uuid().describe('Chosen by the caller; a repeated claim with the same id gives the same task'),
  wait_ms: z.int().min(0).max(60_000).default(30_000),
});

/** Something that a session has asked or told others, as it was stored. */
export const ExchangeEntry = z.object({
  kind: z.enum(['task', 'approval', 'notification']),
  id: z.uuid(),
  to: z.string().describe('The role or roles'),
  text: z.string(),
  status: z.string(),
  answer: z.string().nullable().describe('Null while there is none, and of a notification'),
});
export type ExchangeEntry = z.infer<typeof ExchangeEntry>;

/** What another agent has done in a session before it was gone. */
export const Exchange = z.object({
  begun_by: z.array(z.string()).describe('The agents, in their order'),
  entries: z.array(ExchangeEntry).describe('Oldest first'),
});
export type Exchange = z.infer<typeof Exchange>;

export const Claim = z.object({
  task: Task,
  session: Session,
  lease_id: z.uuid(),
  lease_ms: z.int().describe('Heartbeat well before this runs out'),
  answers: z.array(Answer).describe('Answers that the conversation has not been told yet'),
  exchange: Exchange.nullable().describe(
    'For a conversation that begins anew because the agent which held the session is gone; else null',
  ),
});
export type Claim = z.infer<typeof Claim>;

export const Heartbeat = z.strictObject({
  lease_id: z.uuid(),
  wait_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe('How long to wait for the answer, which comes at once if the task is lost meanwhile'),
});

export const CompleteTask = z.strictObject({
  lease_id: z.uuid(),
  outcome: z.enum(TASK_OUTCOMES).default('done'),
  text: z.string().max(100_000),
  data: JsonObject.default({}),
  attachments: Attachments.default([]),
});

export const FailTask = z.strictObject({
  lease_id: z.uuid(),
  reason: z.string().min(1).max(4000),
  retryable: z.boolean().default(false),
});

export const TurnReport = z.strictObject({
  lease_id: z.uuid(),
  text: z.string().max(100_000).describe("The agent's last words of the turn"),
  told: z.array(z.uuid()).default([]).describe('Ids of the answers that the conversation has been told'),
});
export type TurnReport = z.infer<typeof TurnReport>;

/** What the agent does after a turn: stop, wait for an answer (the session is paused), or go on with a message. */
export const TurnVerdict = z.discriminatedUnion('next', [
  z.object({ next: z.literal('done') }),
  z.object({ next: z.literal('wait'), waiting_on: z.array(z.string()) }),
  z.object({ next: z.literal('answers'), answers: z.array(Answer) }),
  z.object({ next: z.literal('refused'), reason: z.string() }),
]);
export type TurnVerdict = z.infer<typeof TurnVerdict>;

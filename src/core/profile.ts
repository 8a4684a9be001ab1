import { z } from 'zod';
import { Budgets, CallLimits } from './budget.ts';
import { Name } from './identity.ts';
import { DATA_KINDS } from './kinds.ts';
import { PrivacyPolicy } from './privacy.ts';
import { Target } from './targets.ts';
import { TaskType } from './task.ts';

export const MESH_TOOLS = [
  'send_task',
  'request_approval',
  'notify',
  'fetch_status',
  'list_inbox',
  'list_agents',
  'complete_task',
  'decide_approval',
] as const;
export type MeshTool = (typeof MESH_TOOLS)[number];

/** Goose 1.52 switches these on by itself unless its configuration lists them as disabled. */
export const GOOSE_PLATFORM_EXTENSIONS = [
  'analyze',
  'apps',
  'chatrecall',
  'code_execution',
  'developer',
  'extensionmanager',
  'orchestrator',
  'scheduler',
  'skills',
  'summon',
  'todo',
  'tom',
] as const;

/** Up to ten years, as the retention time. */
const Hours = z.number().positive().max(87_600).optional();

/** Stands for all roles where time-outs are given by role. */
export const EVERY_ROLE = '*';

/** How long a session may stay in a state before it expires. */
export const TimeOutHours = z.strictObject({
  pending_hours: Hours,
  active_hours: Hours,
  paused_hours: Hours,
});
export type TimeOutHours = z.infer<typeof TimeOutHours>;

/** What a role may do and how its Goose is set up. */
export const Profile = z.strictObject({
  role: Name,
  version: z.int().positive(),
  display_name: z.string().min(1).max(100),
  description: z.string().min(1).max(2000),
  instructions: z.string().max(20_000).default('').describe("Added to Goose's system prompt"),
  goose: z
    .strictObject({
      extensions: z
        .array(z.enum(GOOSE_PLATFORM_EXTENSIONS))
        .default([])
        .describe('Platform extensions turned on'),
      max_turns: z.int().positive().max(1000).default(50),
      sessions: z.int().positive().max(64).default(4).describe('Conversations at the same time'),
    })
    .prefault({}),
  policies: z
    .strictObject({
      tools: z
        .array(z.enum(MESH_TOOLS))
        .default([...MESH_TOOLS])
        .describe('Mesh tools that the role may call'),
      targets: z
        .array(Target)
        .default([])
        .describe('Roles that it may send tasks, if need be only of some types, and notifications to'),
      accepts: z.array(TaskType).optional().describe('Types of tasks that it takes; default: every type'),
      hidden: z
        .array(z.enum(DATA_KINDS))
        .default([])
        .describe('Kinds of personal data that it never receives'),
      privileged: z
        .boolean()
        .default(false)
        .describe('Cleared to receive what is privileged; from others its facts are hidden'),
      timeouts: TimeOutHours.prefault({}).describe(
        'How long a session may stay in a state before it expires; by default for the retention time',
      ),
      retention: z
        .strictObject({
          content_days: z
            .number()
            .nonnegative()
            .max(36_500)
            .optional()
            .describe(
              'How long the content of its work is kept after the end; 0: not at all, nor in the log or by its agent; by default for ever',
            ),
          result_days: z
            .number()
            .nonnegative()
            .max(3650)
            .default(1)
            .describe(
              'How long a result for a person, and a notification, can be read at least: nobody tells when they were',
            ),
        })
        .prefault({}),
    })
    .prefault({}),
  privacy: PrivacyPolicy.prefault({}).describe('How its guard treats its calls to models'),
  budgets: Budgets.prefault({}).describe('How much of the models it may use; by default without a limit'),
  limits: CallLimits.prefault({}).describe('How fast its guard lets calls pass, and how long that waits'),
});
export type Profile = z.infer<typeof Profile>;

import type { z } from 'zod';
import type { NewTask } from '../../../src/core/task.ts';
import { RehearsalScript } from '../../../src/scenario/rehearsal/script.ts';

/** Work for the rehearsal model, many times at once, and what each leaves behind when it is done exactly once. */
export interface Story {
  readonly task: (number: number) => z.input<typeof NewTask>;
  readonly effects: Readonly<Record<string, number>>;
}

const NO_EFFECTS = { completions: 1, approvals: 0, decisions: 0, uses: 0, questions: 0, notifications: 0 };

/** More than any work is interrupted here. */
const max_attempts = 20;

export const STORIES: readonly Story[] = [
  {
    task: (n) => ({
      target: 'finance',
      type: 'expense',
      amount: 20_000,
      description: `Expense ${n}`,
      max_attempts,
    }),
    effects: { ...NO_EFFECTS, approvals: 1, decisions: 1, uses: 1 },
  },
  {
    task: (n) => ({ target: 'legal', type: 'contract', description: `Contract ${n}`, max_attempts }),
    effects: { ...NO_EFFECTS, questions: 1 },
  },
  {
    task: (n) => ({ target: 'manager', type: 'report', description: `Report ${n}`, max_attempts }),
    effects: { ...NO_EFFECTS, notifications: 1 },
  },
];

/** How often a call is made again whose result was an error, such as that of a relay which was killed. */
const TRIES = 6;

interface Insistence {
  readonly when: object;
  readonly take?: object;
  readonly call: { readonly tool: string; readonly with: object };
  /** What the result says of a call that was carried out: a member and its value. */
  readonly done: readonly [member: string, value: string];
  readonly say: string;
}

/** The lines of a model that makes a call until it is carried out, as any model would, and then says so. */
function insist({ when, take = {}, call, done: [member, value], say }: Insistence): readonly object[] {
  return Array.from({ length: TRIES }, (_, n) => [
    { when, take, call },
    // A line that speaks is known by its words.
    { when: { ...when, results: { [`${call.tool}.${member}`]: value } }, say: `${say} (${n + 1})` },
  ]).flat();
}

const complete = (when: object, summary: string, take = {}): readonly object[] =>
  insist({
    when,
    take,
    call: { tool: 'complete_task', with: { outcome: 'done', summary } },
    done: ['status', 'completed'],
    say: 'It is done.',
  });

export const STORY_SCRIPT = RehearsalScript.parse({
  finance: [
    ...insist({
      when: { told: 'Type: expense' },
      call: { tool: 'request_approval', with: { reason: 'An expense.' } },
      done: ['status', 'requested'],
      say: 'I wait for the approval.',
    }),
    ...insist({
      when: { told: 'approved by agent:manager' },
      call: { tool: 'complete_task', with: { outcome: 'approved', summary: 'It was approved.' } },
      done: ['status', 'completed'],
      say: 'The expense is done.',
    }),
    ...complete({ told: 'Type: question' }, 'The budget of Contract {{ number }} is there.', {
      number: 'Contract (\\d+)',
    }),
  ],
  legal: [
    ...insist({
      when: { told: 'Type: contract' },
      take: { number: 'Contract (\\d+)' },
      call: {
        tool: 'send_task',
        with: {
          role: 'finance',
          type: 'question',
          description: 'Is there a budget for Contract {{ number }}?',
        },
      },
      done: ['to', 'finance'],
      say: 'I wait for the answer.',
    }),
    ...complete({ told: 'is there.' }, 'The contract is fine.'),
  ],
  manager: [
    ...insist({
      when: { told: 'Type: approval-review' },
      take: { approval: 'approval_id ([0-9a-f-]{36})' },
      call: {
        tool: 'decide_approval',
        with: { approval_id: '{{ approval }}', decision: 'approve', comment: 'Fine.' },
      },
      done: ['decision', 'approve'],
      say: 'I have decided.',
    }),
    ...insist({
      when: { told: 'Type: report' },
      take: { number: 'Report (\\d+)' },
      call: { tool: 'notify', with: { role: 'finance', text: 'Report {{ number }} is coming.' } },
      done: ['status', 'sent'],
      say: 'I have told them.',
    }),
  ],
});

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

export const STORY_SCRIPT = RehearsalScript.parse({
  finance: [
    { when: { told: 'Type: expense' }, call: { tool: 'request_approval', with: { reason: 'An expense.' } } },
    { when: { after: 'request_approval' }, say: 'I wait for the approval.' },
    {
      when: { told: 'approved by agent:manager' },
      call: { tool: 'complete_task', with: { outcome: 'approved', summary: 'It was approved.' } },
    },
    { when: { told: 'Type: expense', after: 'complete_task' }, say: 'The expense is done.' },
    {
      when: { told: 'Type: question' },
      take: { number: 'Contract (\\d+)' },
      call: {
        tool: 'complete_task',
        with: { outcome: 'done', summary: 'The budget of Contract {{ number }} is there.' },
      },
    },
    { when: { told: 'Type: question', after: 'complete_task' }, say: 'The question is answered.' },
  ],
  legal: [
    {
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
    },
    { when: { after: 'send_task' }, say: 'I wait for the answer.' },
    {
      when: { told: 'is there.' },
      call: { tool: 'complete_task', with: { outcome: 'done', summary: 'The contract is fine.' } },
    },
    { when: { after: 'complete_task' }, say: 'The contract is done.' },
  ],
  manager: [
    {
      when: { told: 'Type: approval-review' },
      take: { approval: 'approval_id ([0-9a-f-]{36})' },
      call: {
        tool: 'decide_approval',
        with: { approval_id: '{{ approval }}', decision: 'approve', comment: 'Fine.' },
      },
    },
    { when: { after: 'decide_approval' }, say: 'I have decided.' },
    {
      when: { told: 'Type: report' },
      take: { number: 'Report (\\d+)' },
      call: { tool: 'notify', with: { role: 'finance', text: 'Report {{ number }} is coming.' } },
    },
    {
      when: { told: 'Type: report', after: 'notify' },
      call: { tool: 'complete_task', with: { outcome: 'done', summary: 'It is reported.' } },
    },
    { when: { told: 'Type: report', after: 'complete_task' }, say: 'The report is done.' },
  ],
});

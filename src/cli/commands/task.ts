import type { Command } from 'commander';
import type { Attachment } from '../../core/attachment.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  collectAttachment,
  type Given,
  orNone,
  parseAmount,
  parseCount,
  parseData,
  parseId,
  parsePriority,
  parseTime,
} from '../parse.ts';
import { renderHistory, renderTask, renderTasks } from '../render-task.ts';
import { requireSome } from '../require-some.ts';
import { renderPage } from '../table.ts';
import { DEAD_LETTERS } from '../waiting.ts';
import { withClient } from '../with-client.ts';

interface SendOptions {
  readonly type: string;
  readonly amount?: number;
  readonly data?: JsonObject;
  readonly priority?: number;
  readonly privileged?: boolean;
  readonly deadline?: string;
  readonly resultSchema?: JsonObject;
  readonly attach?: readonly Attachment[];
  readonly maxAttempts?: number;
  readonly idempotencyKey?: string;
}

interface EditOptions {
  readonly priority?: number;
  readonly deadline?: Given<string>;
  readonly parent?: Given<string>;
}

interface ListOptions {
  readonly target?: string;
  readonly status?: string;
  readonly deadLetter?: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

export function addTask(program: Command): void {
  const task = program.command('task').description('Tasks: work from people and agents to a role');

  task
    .command('send')
    .description('Send a task to a role')
    .argument('<role>', 'who shall do it; also "my manager", "owner of <thing>"')
    .argument('<description>', 'what is to be done')
    .option('--type <type>', 'kind of task; policies read it', 'request')
    .option('--amount <amount>', 'money at stake; policies read it', parseAmount)
    .option('--data <json>', 'facts for the agent', parseData)
    .option('--priority <n>', 'from 0 to 9; agents take the highest first', parsePriority)
    .option(
      '--privileged',
      'for cleared roles alone; from others its facts are hidden in all that comes from it',
    )
    .option('--result-schema <json>', 'JSON Schema that the data of the result must fit', parseData)
    .option('--attach <name=uri>', 'reference to a document; any number of times', collectAttachment)
    .option('--deadline <time>', 'when it fails unless it has ended: 2026-03-31T17:00:00Z', parseTime)
    .option('--max-attempts <n>', 'after so many that broke it is a dead letter: 1 to 20', parseCount)
    .option('--idempotency-key <key>', 'the same key never makes a second task')
    .addHelpText(
      'after',
      '\nExample:\n  goose-mesh task send finance "Three laptops for the new team" --amount 7500',
    )
    .action((target: string, description: string, options: SendOptions, command: Command) =>
      withClient(command, async (client, output) => {
        const { idempotencyKey, maxAttempts, resultSchema, attach = [], ...rest } = options;
        const send = idempotencyKey === undefined ? {} : { idempotencyKey };
        const sent = await client.tasks.route(
          {
            ...rest,
            target,
            description,
            max_attempts: maxAttempts,
            result_schema: resultSchema,
            attachments: [...attach],
          },
          send,
        );
        output.print(sent, () => renderTask(sent));
      }),
    );

  task
    .command('list')
    .description('List tasks, newest first')
    .option('--target <role>')
    .option('--status <status>', 'pending, active, completed, failed or cancelled')
    .option('--dead-letter', 'only those that failed after all their attempts, and were not sent anew')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action(({ deadLetter, ...query }: ListOptions, command: Command) =>
      withClient(command, async (client, output) => {
        const page = await client.tasks.list({ ...query, ...(deadLetter ? DEAD_LETTERS : {}) });
        output.print(page, () => renderPage(page, renderTasks));
      }),
    );

  task
    .command('show')
    .description('Show a task, its attempts and what it waits for')
    .argument('<id>', 'of the task', parseId)
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const [found, history] = await Promise.all([client.tasks.get(id), client.tasks.history(id)]);
        output.print({ ...found, history }, () => `${renderTask(found)}\n\n${renderHistory(history)}`);
      }),
    );

  task
    .command('edit')
    .description('Change how urgent an open task is, until when it counts, or what it belongs to')
    .argument('<id>', 'of the task', parseId)
    .option('--priority <n>', 'from 0 to 9; agents take the highest first', parsePriority)
    .option('--deadline <time>', 'when it fails unless it has ended; none takes it away', orNone(parseTime))
    .option('--parent <id>', 'an open task of the same owner, with which it ends; none', orNone(parseId))
    .action((id: string, options: EditOptions, command: Command) =>
      withClient(command, async (client, output) => {
        requireSome(options, command);
        const { priority, deadline, parent } = options;
        const edited = await client.tasks.edit(id, {
          priority,
          deadline: deadline?.value,
          parent_id: parent?.value,
        });
        output.print(edited, () => renderTask(edited));
      }),
    );

  task
    .command('retry')
    .description('Send a failed or cancelled task anew')
    .argument('<id>', 'of the task', parseId)
    .option('--idempotency-key <key>', 'the same key never makes a second task')
    .action((id: string, options: { idempotencyKey?: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const sent = await client.tasks.retry(id, options);
        output.print(sent, () => renderTask(sent));
      }),
    );

  task
    .command('cancel')
    .description('Call a task off')
    .argument('<id>', 'of the task', parseId)
    .option('--reason <text>', 'told to whoever waits for it', 'called off')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const cancelled = await client.tasks.cancel(id, reason);
        output.print(cancelled, () => renderTask(cancelled));
      }),
    );
}

import type { Command } from 'commander';
import type { JsonObject } from '../../core/json.ts';
import type { Task } from '../../core/task.ts';
import { truncate } from '../../core/text.ts';
import { parseAmount, parseCount, parseData, parseId, parsePriority } from '../parse.ts';
import { renderFields, renderTable } from '../table.ts';
import { withClient } from '../with-client.ts';

interface SendOptions {
  readonly type: string;
  readonly amount?: number;
  readonly data?: JsonObject;
  readonly priority?: number;
  readonly privileged?: boolean;
  readonly idempotencyKey?: string;
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
    .option('--idempotency-key <key>', 'the same key never makes a second task')
    .addHelpText(
      'after',
      '\nExample:\n  goose-mesh task send finance "Three laptops for the new team" --amount 7500',
    )
    .action((target: string, description: string, options: SendOptions, command: Command) =>
      withClient(command, async (client, output) => {
        const { idempotencyKey, ...rest } = options;
        const send = idempotencyKey === undefined ? {} : { idempotencyKey };
        const sent = await client.tasks.route({ target, description, ...rest }, send);
        output.print(sent, () => renderTask(sent));
      }),
    );

  task
    .command('list')
    .description('List tasks, newest first')
    .option('--target <role>')
    .option('--status <status>', 'pending, active, completed, failed or cancelled')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action((query: { target?: string; status?: string; limit: number; cursor?: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const page = await client.tasks.list(query);
        output.print(page, () => renderTasks(page.items));
      }),
    );

  task
    .command('show')
    .description('Show a task')
    .argument('<id>', 'of the task', parseId)
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const found = await client.tasks.get(id);
        output.print(found, () => renderTask(found));
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

function renderTask({ data, result, description, ...task }: Task): string {
  const facts = Object.keys(data).length === 0 ? {} : { data };
  return renderFields({
    ...task,
    description: describe({ ...task, description }),
    ...facts,
    result: result?.text,
  });
}

function describe({ description, erased_at }: Pick<Task, 'description' | 'erased_at'>): string {
  return erased_at === null ? description : '(erased, as the profile of its target says)';
}

function renderTasks(tasks: readonly Task[]): string {
  return renderTable(tasks, [
    { title: 'ID', value: ({ id }) => id },
    { title: 'TYPE', value: ({ type }) => type },
    { title: 'FROM', value: ({ source }) => source },
    { title: 'TO', value: ({ target }) => target },
    { title: 'STATUS', value: ({ status }) => status },
    { title: 'AMOUNT', value: ({ amount }) => amount },
    { title: 'DESCRIPTION', value: (task) => truncate(describe(task), 50) },
  ]);
}

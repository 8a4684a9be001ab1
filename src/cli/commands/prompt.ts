import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '../../client/client.ts';
import { MeshError } from '../../core/errors.ts';
import type { Task } from '../../core/task.ts';
import { showControls } from '../../core/text.ts';
import { newTraceId } from '../../core/trace.ts';
import { describeEvent } from '../../ui/describe-event.ts';
import { interruptSignal } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { withClient } from '../with-client.ts';

export function addPrompt(program: Command): void {
  program
    .command('prompt')
    .description('Ask a role something and wait for the answer')
    .argument('<role>')
    .argument('<text>')
    .addHelpText('after', '\nExample:\n  goose-mesh prompt legal "May we store call recordings for a year?"')
    .action((role: string, text: string, _options: unknown, command: Command) =>
      withClient(command, (client, output) => ask(client, output, role, text)),
    );
}

const ENDS = new Set(['task.completed', 'task.failed', 'task.cancelled']);

async function ask(client: Client, output: Output, role: string, text: string): Promise<void> {
  const traceId = newTraceId();
  using interrupt = interruptSignal();
  const over = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, over.signal]);
  let sent: Task | undefined;
  // The stream stands before the task is sent, so its end cannot be missed.
  const send = async () => {
    sent ??= await client.tasks.route(
      { target: role, type: 'prompt', description: text },
      { traceId, idempotencyKey: randomUUID() },
    );
  };
  const failed = Promise.withResolvers<never>();
  const follow = async () => {
    const onOpen = () => {
      send().catch(failed.reject);
    };
    for await (const event of client.events({ filter: { trace_id: traceId }, signal, onOpen })) {
      const line = describeEvent(event);
      if (line !== undefined && !output.json) process.stderr.write(`  ${line.role ?? ''}  ${line.text}\n`);
      if (sent !== undefined && event.subject === `task:${sent.id}` && ENDS.has(event.kind)) return sent.id;
    }
    throw new MeshError('unavailable', 'The wait for the answer was interrupted.', {
      hint: sent === undefined ? undefined : `goose-mesh task show ${sent.id} tells when it is there.`,
    });
  };
  try {
    const answered = await client.tasks.get(await Promise.race([follow(), failed.promise]));
    printAnswer(output, answered);
  } finally {
    over.abort();
  }
}

function printAnswer(output: Output, task: Task): void {
  output.print(task, () => showControls(task.result?.text ?? task.failure ?? ''));
  if (task.status !== 'completed') process.exitCode = 1;
}

import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '../../client/client.ts';
import { isMeshError, MeshError } from '../../core/errors.ts';
import type { Task } from '../../core/task.ts';
import { showControls } from '../../core/text.ts';
import { newTraceId } from '../../core/trace.ts';
import { describeEvent } from '../../ui/describe-event.ts';
import { interruptible } from '../interrupt.ts';
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
  const idempotencyKey = randomUUID();
  const over = new AbortController();
  let sending: Promise<Task> | undefined;
  let sent: Task | undefined;
  const unsent = Promise.withResolvers<never>();
  // Once the stream stands, so that the end cannot be missed; only once, however often it is opened again.
  const onOpen = () => {
    sending ??= client.tasks.route(
      { target: role, type: 'prompt', description: text },
      { traceId, idempotencyKey },
    );
    sending.then((task) => {
      sent = task;
    }, unsent.reject);
  };

  async function follow(interrupted: AbortSignal): Promise<string> {
    const signal = AbortSignal.any([interrupted, over.signal]);
    for await (const event of client.events({ filter: { trace_id: traceId }, signal, onOpen })) {
      const line = describeEvent(event);
      if (line !== undefined && !output.json) process.stderr.write(`  ${line.role ?? ''}  ${line.text}\n`);
      // Awaited: the end may come before the answer to what it is the end of.
      const isOver = ENDS.has(event.kind) && event.subject === `task:${(await sending)?.id ?? ''}`;
      if (isOver) return event.subject.slice('task:'.length);
    }
    throw describeInterruption(signal, sent);
  }

  await interruptible(async (interrupted) => {
    try {
      const answered = await client.tasks.get(await Promise.race([follow(interrupted), unsent.promise]));
      printAnswer(output, answered);
    } finally {
      over.abort();
    }
  });
}

/** The task goes on without us. */
function describeInterruption(signal: AbortSignal, sent: Task | undefined): MeshError {
  const code = isMeshError(signal.reason) ? signal.reason.code : 'interrupted';
  return new MeshError(code, 'The wait for the answer was interrupted.', {
    hint: sent === undefined ? undefined : `goose-mesh task show ${sent.id} tells when it is there.`,
  });
}

function printAnswer(output: Output, task: Task): void {
  output.print(task, () => showControls(task.result?.text ?? task.failure ?? ''));
  if (task.status !== 'completed') process.exitCode = 1;
}

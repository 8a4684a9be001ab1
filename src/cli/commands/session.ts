import type { Command } from 'commander';
import type { Client } from '../../client/client.ts';
import { type EventKind, SESSION_ENDS } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { describeEvent } from '../../ui/describe-event.ts';
import { untilInterrupted } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { collectMember, collectUnset, parseCount, parseData, parseId } from '../parse.ts';
import { renderSession, renderSessions, renderTransitions } from '../render-session.ts';
import { requireSome } from '../require-some.ts';
import { showTime } from '../show.ts';
import { renderPage } from '../table.ts';
import { withClient } from '../with-client.ts';

const ENDS: ReadonlySet<EventKind> = new Set(SESSION_ENDS);

export function addSession(program: Command): void {
  const session = program.command('session').description('Sessions: one Goose conversation on one task each');

  session
    .command('create')
    .description('Create a pending session')
    .requiredOption('--role <role>', 'its role')
    .option('--metadata <json>', 'kept with it', parseData)
    .action((options: { role: string; metadata?: JsonObject }, command: Command) =>
      withClient(command, async (client, output) => {
        const created = await client.sessions.create(options);
        output.print(created, () => renderSession(created));
      }),
    );

  session
    .command('list')
    .description('List sessions, newest first')
    .option('--role <role>')
    .option('--status <status>', 'pending, active, paused, completed, failed or expired')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action((query: { role?: string; status?: string; limit: number; cursor?: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const page = await client.sessions.list(query);
        output.print(page, () => renderPage(page, renderSessions));
      }),
    );

  session
    .command('show')
    .description('Show a session with its history')
    .argument('<id>', 'of the session', parseId)
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const [found, transitions] = await Promise.all([
          client.sessions.get(id),
          client.sessions.transitions(id),
        ]);
        output.print(
          { ...found, transitions },
          () => `${renderSession(found)}\n\n${renderTransitions(transitions)}`,
        );
      }),
    );

  session
    .command('edit')
    .description('Change what people keep with a session')
    .argument('<id>', 'of the session', parseId)
    .option('--set <key=value>', 'set a member to a text, any number of times', collectMember)
    .option('--unset <key>', 'take a member away, any number of times', collectUnset)
    .addHelpText('after', '\nExample:\n  goose-mesh session edit 3f0c… --set auditor=dana --unset draft')
    .action((id: string, { set, unset }: { set?: JsonObject; unset?: JsonObject }, command: Command) =>
      withClient(command, async (client, output) => {
        requireSome({ set, unset }, command);
        const edited = await client.sessions.mergeMetadata(id, { ...set, ...unset });
        output.print(edited, () => renderSession(edited));
      }),
    );

  session
    .command('watch')
    .description('Follow what happens in a session until it ends')
    .argument('<id>', 'of the session', parseId)
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        // So that one that does not exist is an error, not silence.
        await client.sessions.get(id);
        await untilInterrupted((signal) => watch(client, output, id, signal));
      }),
    );

  session
    .command('transition')
    .description('Send an event to the state machine of a session')
    .argument('<id>', 'of the session', parseId)
    .argument('<event>', 'activate, pause, resume, complete or fail')
    .option('--reason <text>', 'kept in its history')
    .addHelpText(
      'after',
      '\nExample:\n  goose-mesh session transition 3f0c… pause --reason "waiting for the auditor"',
    )
    .action((id: string, event: string, { reason }: { reason?: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const moved = await client.sessions.send(id, event, reason);
        output.print(moved, () => renderSession(moved));
      }),
    );
}

async function watch(client: Client, output: Output, id: string, interrupted: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([interrupted, output.closed]);
  for await (const event of client.events({ filter: { subject: `session:${id}` }, after: 0, signal })) {
    const line = describeEvent(event)?.text ?? '';
    output.printLine(event, () =>
      `${showTime(event.at) ?? ''}  ${event.kind.padEnd(22)} ${event.actor.padEnd(16)} ${line}`.trimEnd(),
    );
    if (ENDS.has(event.kind)) return;
  }
}

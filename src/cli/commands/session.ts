import type { Command } from 'commander';
import type { Client } from '../../client/client.ts';
import { type EventKind, SESSION_ENDS } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Session, SessionTransition } from '../../core/session.ts';
import { describeEvent } from '../../ui/describe-event.ts';
import { untilInterrupted } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { parseCount, parseData, parseId } from '../parse.ts';
import { renderFields, renderTable } from '../table.ts';
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
        output.print(page, () => renderSessions(page.items));
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
      `${event.at}  ${event.kind.padEnd(22)} ${event.actor.padEnd(16)} ${line}`.trimEnd(),
    );
    if (ENDS.has(event.kind)) return;
  }
}

function renderSession({ fsm_metadata, metadata, earlier_agents, ...session }: Session): string {
  const isEmpty = (value: JsonObject) => Object.keys(value).length === 0;
  return renderFields({
    ...session,
    ...(earlier_agents.length === 0 ? {} : { earlier_agents: earlier_agents.join(', ') }),
    ...(isEmpty(fsm_metadata) ? {} : { fsm_metadata }),
    ...(isEmpty(metadata) ? {} : { metadata }),
  });
}

function renderSessions(sessions: readonly Session[]): string {
  return renderTable(sessions, [
    { title: 'ID', value: ({ id }) => id },
    { title: 'ROLE', value: ({ role }) => role },
    { title: 'STATUS', value: ({ status }) => status },
    { title: 'AGENT', value: ({ agent }) => agent },
    { title: 'TASK', value: ({ task_id }) => task_id },
    { title: 'LAST TRANSITION', value: ({ last_transition_at }) => last_transition_at },
  ]);
}

function renderTransitions(transitions: readonly SessionTransition[]): string {
  return renderTable(transitions, [
    { title: 'AT', value: ({ at }) => at },
    { title: 'EVENT', value: ({ event }) => event },
    { title: 'FROM', value: ({ from_state }) => from_state },
    { title: 'TO', value: ({ to_state }) => to_state },
    { title: 'ACTOR', value: ({ actor }) => actor },
    { title: 'REASON', value: ({ reason }) => reason },
  ]);
}

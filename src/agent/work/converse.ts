import { mkdir } from 'node:fs/promises';
import { type Client, createClient } from '../../client/client.ts';
import type { Claim } from '../../core/task.ts';
import type { AgentContext } from '../context.ts';
import type { Goose } from '../goose/goose.ts';
import { folderOf } from './folders.ts';
import { renderInstructions } from './prompts.ts';

/** A mesh session's Goose conversation, ready for its next message. */
export interface OpenConversation extends AsyncDisposable {
  readonly id: string;
  /** The Goose that holds it. */
  readonly goose: Goose;
  /** The controller, for what changes the session: it takes that from the holder of the lease alone. */
  readonly holder: Client;
  /** Loads it again if Goose was restarted since. */
  reload(): Promise<void>;
}

/**
 * Opens the Goose conversation of a session: the one that it has, loaded from Goose's database, or a new one, which is
 * noted in the controller before anything is said in it. It is closed when it is disposed, so that Goose holds no more
 * in its memory than what is being worked on.
 */
export async function openConversation(
  agent: AgentContext,
  { session, lease_id: leaseId }: Pick<Claim, 'session' | 'lease_id'>,
): Promise<OpenConversation> {
  const { config, relay, profile } = agent;
  const holder = createClient({
    baseUrl: config.controller.url,
    credentials: config.client,
    session: { id: session.id, leaseId },
    retryForMs: agent.patienceMs,
  });
  const relayed = { token: () => holder.token(), traceId: session.trace_id };
  const { toolsUrl, key } = relay.admit(session.id, relayed);
  const conversation = {
    cwd: folderOf(config, session.id),
    title: `${config.role} ${session.id}`,
    toolsUrl,
    instructions: renderInstructions(profile),
  };
  let goose: Goose | undefined;
  let id = session.conversation;
  try {
    const lent = await agent.goose.lend({ id: session.id, relayKey: key });
    goose = lent;
    const entered = await enter(lent);
    relay.bind(session.id, entered);
    const reload = () => lent.load(entered, conversation);
    return { id: entered, goose: lent, holder, reload, [Symbol.asyncDispose]: leave };
  } catch (error) {
    await leave();
    throw error;
  }

  async function enter(lent: Goose): Promise<string> {
    await mkdir(conversation.cwd, { recursive: true, mode: 0o700 });
    if (session.conversation !== null) {
      await lent.load(session.conversation, conversation);
      return session.conversation;
    }
    id = await lent.open(conversation);
    await holder.sessions.setConversation(session.id, id);
    return id;
  }

  async function leave(): Promise<void> {
    relay.dismiss(session.id);
    if (id !== null) await goose?.close(id);
    await goose?.[Symbol.asyncDispose]();
    await holder.close();
  }
}

import { mkdir } from 'node:fs/promises';
import { createClient } from '../../client/client.ts';
import type { Session } from '../../core/session.ts';
import type { AgentContext } from '../context.ts';
import type { Conversation } from '../goose/goose.ts';
import { folderOf } from './folders.ts';
import { renderInstructions } from './prompts.ts';

/** A mesh session's Goose conversation, ready for its next message. */
export interface OpenConversation extends AsyncDisposable {
  readonly id: string;
  /** Loads it again if Goose was restarted since. */
  reload(): Promise<void>;
}

/**
 * Opens the Goose conversation of a session: the one that it has, loaded from Goose's database, or a new one, which is
 * noted in the controller before anything is said in it. It is closed when it is disposed, so that Goose holds no more
 * in its memory than what is being worked on.
 */
export async function openConversation(agent: AgentContext, session: Session): Promise<OpenConversation> {
  const { config, client, relay, goose, profile } = agent;
  const tokens = createClient({
    baseUrl: config.controller.url,
    credentials: config.client,
    sessionId: session.id,
    retryForMs: agent.patienceMs,
  });
  let id = session.conversation;
  try {
    const toolsUrl = relay.admit(session.id, { token: () => tokens.token(), traceId: session.trace_id });
    const conversation = {
      cwd: folderOf(config, session.id),
      title: `${config.role} ${session.id}`,
      toolsUrl,
      instructions: renderInstructions(profile),
    };
    const entered = await enter(conversation);
    relay.bind(session.id, entered);
    return { id: entered, reload: () => goose.load(entered, conversation), [Symbol.asyncDispose]: leave };
  } catch (error) {
    await leave();
    throw error;
  }

  async function enter(conversation: Conversation): Promise<string> {
    await mkdir(conversation.cwd, { recursive: true, mode: 0o700 });
    if (session.conversation !== null) {
      await goose.load(session.conversation, conversation);
      return session.conversation;
    }
    id = await goose.open(conversation);
    await client.sessions.setConversation(session.id, id);
    return id;
  }

  async function leave(): Promise<void> {
    relay.dismiss(session.id);
    if (id !== null) await goose.close(id);
    await tokens.close();
  }
}

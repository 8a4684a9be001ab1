import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../../client/client.ts';
import type { Session } from '../../core/session.ts';
import type { AgentContext } from '../context.ts';
import type { Conversation } from '../goose/goose.ts';
import { renderInstructions } from './prompts.ts';

/** A mesh session's Goose conversation, ready for its next message. */
export interface OpenConversation extends AsyncDisposable {
  readonly id: string;
  /** Loads it again if Goose was restarted since. */
  reload(): Promise<void>;
}

/**
 * Opens the Goose conversation of a session: the one that it has, loaded from Goose's database after a restart, or
 * a new one, which is noted in the controller before anything is said in it.
 */
export async function openConversation(agent: AgentContext, session: Session): Promise<OpenConversation> {
  const { config, client, relay, goose, profile } = agent;
  const tokens = createClient({
    baseUrl: config.controller.url,
    credentials: config.client,
    sessionId: session.id,
    retryForMs: agent.patienceMs,
  });
  const toolsUrl = relay.admit(session.id, { token: () => tokens.token(), traceId: session.trace_id });
  const cwd = join(config.data_dir, 'work', session.id);
  await mkdir(cwd, { recursive: true, mode: 0o700 });
  const conversation: Conversation = {
    cwd,
    title: `${config.role} ${session.id}`,
    toolsUrl,
    instructions: renderInstructions(profile),
  };
  const id = session.conversation ?? (await goose.open(conversation));
  relay.bind(session.id, id);
  if (session.conversation === null) await client.sessions.setConversation(session.id, id);
  else await goose.load(id, conversation);
  return {
    id,
    reload: () => goose.load(id, conversation),
    async [Symbol.asyncDispose]() {
      relay.dismiss(session.id);
      await tokens.close();
    },
  };
}

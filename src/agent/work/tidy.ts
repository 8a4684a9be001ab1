import type { Client } from '../../client/client.ts';
import { isMeshError } from '../../core/errors.ts';
import { SESSION_ENDS } from '../../core/event.ts';
import { isTerminal } from '../../core/session.ts';
import type { AgentContext } from '../context.ts';
import { listFolders, removeFolders } from './folders.ts';

/** The sessions that are being worked on, each until its work has ended. */
type Running = ReadonlyMap<string, Promise<void>>;

type Tidier = Pick<AgentContext, 'client' | 'config' | 'log'>;

/**
 * Removes the folders of sessions that end while nobody works on them: that expire while they wait, or are ended or
 * deleted by a person, or that another agent has taken over. What ended while the agent was not there is removed when it comes back. Never throws.
 */
export async function followEnds(agent: Tidier, running: Running, signal: AbortSignal): Promise<void> {
  const filter = { kind: [...SESSION_ENDS, 'session.moved'].join(',') };
  try {
    for await (const { subject } of agent.client.events({ filter, signal, onOpen: tidyAll }))
      tidyLater(subject.replace('session:', ''));
  } catch (error) {
    agent.log.warn({ err: error }, 'ends of sessions are not heard of; the next start tidies up after them');
  }

  /** The stream stands: what ended before is looked for. */
  function tidyAll(): void {
    void listFolders(agent.config).then((sessions) => {
      for (const id of sessions) tidyLater(id);
    });
  }

  /** Goose still writes while its last turn ends. */
  function tidyLater(id: string): void {
    void Promise.resolve(running.get(id)).then(() => tidyFolders(agent, [id], signal));
  }
}

/** Removes the folders of those of the sessions that have ended for good. */
export async function tidyFolders(
  { client, config, log }: Tidier,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const id of ids) {
    if (signal.aborted) return;
    try {
      if (await hasEnded(client, id)) await removeFolders(config, id);
    } catch (error) {
      log.debug({ err: error, session: id }, 'a folder could not be tidied up; the next start tries again');
    }
  }
}

async function hasEnded(client: Client, sessionId: string): Promise<boolean> {
  try {
    return isTerminal((await client.sessions.get(sessionId)).status);
  } catch (error) {
    // A person has deleted it, or it is another agent's by now.
    if (isMeshError(error) && error.code === 'not_found') return true;
    throw error;
  }
}

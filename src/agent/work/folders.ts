import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../client/client.ts';
import type { AgentConfig } from '../../core/config.ts';
import { isMeshError } from '../../core/errors.ts';
import { isTerminal } from '../../core/session.ts';
import type { AgentContext } from '../context.ts';

type Place = Pick<AgentConfig, 'data_dir'>;

const root = ({ data_dir }: Place): string => join(data_dir, 'work');

/** Where Goose works for a session, and keeps what it writes. */
export const folderOf = (place: Place, sessionId: string): string => join(root(place), sessionId);

/** The sessions that have a folder; some may have ended while no agent was there. */
export async function listFolders(place: Place): Promise<readonly string[]> {
  return readdir(root(place)).catch(() => []);
}

/** Removes the folders of those of the sessions that have ended for good. */
export async function tidyFolders(
  { client, config, log }: AgentContext,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const id of ids) {
    if (signal.aborted) return;
    try {
      if (await hasEnded(client, id)) await rm(folderOf(config, id), { recursive: true, force: true });
    } catch (error) {
      log.debug({ err: error, session: id }, 'a folder could not be tidied up; the next start tries again');
    }
  }
}

async function hasEnded(client: Client, sessionId: string): Promise<boolean> {
  try {
    return isTerminal((await client.sessions.get(sessionId)).status);
  } catch (error) {
    // A person has deleted it.
    if (isMeshError(error) && error.code === 'not_found') return true;
    throw error;
  }
}

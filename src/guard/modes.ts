import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../client/client.ts';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { PrivacyMode } from '../core/privacy.ts';

/** The mode of the guard's role, as an admin may switch it at any time. */
export interface Modes {
  current(): PrivacyMode;
  /** Asks the controller once, and follows it from now on. Without an answer the mode stays as it is. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

interface ModesOptions {
  readonly client: Pick<Client, 'guard' | 'events'>;
  readonly role: string;
  /** In force until the controller has told another one. */
  readonly initial: PrivacyMode;
  readonly log: Logger;
}

/** After a refusal; a connection that is lost is opened again by the client. */
const RETRY_MS = 10_000;

/** Nothing polls: the event log says when there is something new to ask for. */
export function createModes({ client, role, initial, log }: ModesOptions): Modes {
  const stopped = new AbortController();
  const { signal } = stopped;
  let mode = initial;
  // One question after the other: an answer that is older must not come later.
  let last = Promise.resolve();
  let following = Promise.resolve();

  return {
    current: () => mode,
    follow() {
      following = followEvents();
      return ask();
    },
    close() {
      stopped.abort();
      return following;
    },
  };

  async function followEvents(): Promise<void> {
    while (!signal.aborted) {
      try {
        const filter = { kind: 'guard.mode_set', subject: `role:${role}` };
        const onOpen = () => void ask();
        for await (const _event of client.events({ filter, signal, onOpen })) await ask();
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'the mode of the role cannot be followed');
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  function ask(): Promise<void> {
    last = last.then(askOnce);
    return last;
  }

  async function askOnce(): Promise<void> {
    try {
      const found = (await client.guard.modes()).find((candidate) => candidate.role === role);
      if (found === undefined || found.mode === mode) return;
      log.info(
        { role, mode: found.mode, before: mode, set_by: found.set_by },
        'the mode of the role has changed',
      );
      mode = found.mode;
    } catch (error) {
      if (!signal.aborted)
        log.warn({ mode, reason: messageOf(error) }, 'the mode of the role stays as it is');
    }
  }
}

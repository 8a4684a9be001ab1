import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../core/log.ts';
import { CHANNELS } from './channels.ts';
import type { Database } from './database.ts';

export interface ListenOptions {
  readonly database: Database;
  readonly log: Logger;
  /** Not called with what this process has told the others itself. */
  readonly onNotify: (channel: string, payload: string) => void;
  /** Called whenever the connection stands (again): whatever was notified before may have been missed. */
  readonly onConnect: () => void;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2000;

/** Listens to PostgreSQL's notifications on one connection of its own, which it opens again whenever it breaks. */
export function listen({ database, log, onNotify, onConnect }: ListenOptions): AsyncDisposable {
  const stop = new AbortController();
  const isStopped = () => stop.signal.aborted;
  const stopped = once(stop.signal, 'abort');
  const done = keepListening();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };

  async function keepListening(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!isStopped()) {
      const error = await listenOnce(() => {
        waitMs = FIRST_WAIT_MS;
      });
      if (isStopped()) return;
      log.debug({ err: error }, 'the listening connection ended');
      await sleep(waitMs, undefined, { signal: stop.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  /**
   * Resolves with the reason when the connection ends. It is ended nowhere else: `end` of a client that still
   * connects never resolves.
   */
  async function listenOnce(onStanding: () => void): Promise<unknown> {
    const client = new pg.Client({ ...database.connection, application_name: 'goose-mesh listen' });
    const ended = new Promise<unknown>((resolve) => {
      // Not `once`: a second error without a listener would end the process.
      client.on('error', resolve);
      client.once('end', () => {
        resolve(undefined);
      });
    });
    client.on('notification', ({ channel, payload }) => {
      if (payload !== database.origin) onNotify(channel, payload ?? '');
    });
    try {
      await client.connect();
      for (const channel of Object.values(CHANNELS)) await client.query(`listen ${channel}`);
      if (isStopped()) return undefined;
      onStanding();
      onConnect();
      return await Promise.race([ended, stopped]);
    } catch (error) {
      return error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClientContext,
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { isMeshError, MeshError, messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { spawnGroup } from './group.ts';

export interface GooseOptions {
  readonly binary: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: Logger;
  readonly onUpdate: (conversation: string, update: SessionUpdate) => void;
}

/** One running `goose acp`. */
export interface GooseProcess {
  readonly acp: ClientContext;
  readonly version: string;
  /** Resolves with a description when the process has ended, for whatever reason, and its tools with it. */
  readonly ended: Promise<string>;
  /** Ends the process: politely by the end of its input, at last by force. */
  close(): Promise<void>;
}

const CLOSE_MS = 2000;
/** How long the reason of a failure may be on its way. */
const LAST_WORDS_MS = 1000;
/** It takes 12 ms; a machine that is as slow as this is no use, and a Goose that hangs must not hold up its task. */
const HANDSHAKE_MS = 30_000;

/** Starts Goose and shakes hands with it over ACP on stdio. Throws MeshError environment if it cannot be started. */
export async function startGoose(options: GooseOptions): Promise<GooseProcess> {
  const { child, ended, kill } = spawnGroup([options.binary, 'acp'], options);
  let lastLine = '';
  const lines = createInterface({ input: child.stderr }).on('line', (line) => {
    lastLine = line;
    options.log.debug({ line }, 'goose');
  });
  const silent = once(lines, 'close');

  const app = client({ name: 'goose-mesh' })
    .onNotification(methods.client.session.update, ({ params }) => {
      options.onUpdate(params.sessionId, params.update);
    })
    // Goose runs in auto mode and asks nobody; should it ask all the same, nobody here may say yes.
    .onRequest(methods.client.session.requestPermission, () => ({
      outcome: { outcome: 'cancelled' as const },
    }));
  const { agent: acp } = app.connect(ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout)));
  return { acp, version: await shakeHands(), ended, close };

  async function shakeHands(): Promise<string> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(failToStart(`it did not answer within ${HANDSHAKE_MS / 1000} seconds`));
    }, HANDSHAKE_MS);
    const greeting = acp.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: {},
    });
    try {
      const { agentInfo } = await Promise.race([greeting, late.promise, ended.then(endGreeting)]);
      return agentInfo?.version ?? 'unknown';
    } catch (error) {
      const isOver = !(isMeshError(error) || error instanceof RequestError);
      // Its exit code and its last words say more than that its output has ended.
      if (isOver)
        await Promise.race([Promise.all([ended, silent]), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      kill();
      if (isMeshError(error)) throw error;
      const end = [await ended, lastLine].filter((text) => text !== '').join(': ');
      throw failToStart(isOver ? end : messageOf(error), error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function close(): Promise<void> {
    child.stdin.end();
    const timer = setTimeout(kill, CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }
}

function endGreeting(how: string): never {
  throw new Error(how);
}

function failToStart(reason: string, cause?: unknown): MeshError {
  return new MeshError('environment', `Goose could not be started: ${reason}.`, {
    hint: '`goose-mesh doctor` checks what Goose needs.',
    cause,
  });
}

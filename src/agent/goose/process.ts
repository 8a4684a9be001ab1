import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import {
  type ClientContext,
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { MeshError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';

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
  /** Resolves with a description when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Ends the process: politely by the end of its input, at last by force. */
  close(): Promise<void>;
}

const CLOSE_MS = 2000;

/** Starts Goose and shakes hands with it over ACP on stdio. Throws MeshError environment if it cannot be started. */
export async function startGoose(options: GooseOptions): Promise<GooseProcess> {
  const child = spawn(options.binary, ['acp'], { env: options.env, cwd: options.cwd, stdio: 'pipe' });
  const ended = waitForEnd(child);
  createInterface({ input: child.stderr }).on('line', (line) => {
    options.log.debug({ line }, 'goose');
  });

  const app = client({ name: 'goose-mesh' })
    .onNotification(methods.client.session.update, ({ params }) => {
      options.onUpdate(params.sessionId, params.update);
    })
    // Goose runs in auto mode and asks nobody; should it ask all the same, nobody here may say yes.
    .onRequest(methods.client.session.requestPermission, () => ({
      outcome: { outcome: 'cancelled' as const },
    }));
  const connection = app.connect(ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout)));
  const handshake = connection.agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {},
  });
  const hello = await Promise.race([handshake, ended.then(failToStart)]);
  return {
    acp: connection.agent,
    version: hello.agentInfo?.version ?? 'unknown',
    ended,
    async close() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function waitForEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${code ?? '?'}` : signal);
    });
  });
}

function failToStart(how: string): never {
  throw new MeshError('environment', `Goose could not be started: ${how}.`, {
    hint: '`goose-mesh doctor` checks what Goose needs.',
  });
}

import {
  type ClientContext,
  type McpServer,
  methods,
  type PromptResponse,
  RequestError,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { MeshError } from '../../core/errors.ts';
import { type GooseOptions, type GooseProcess, startGoose } from './process.ts';

export interface Conversation {
  readonly cwd: string;
  readonly title: string;
  /** URL of the mesh tools for this conversation. */
  readonly toolsUrl: string;
  /** Added to Goose's system prompt. */
  readonly instructions: string;
}

/** Goose as the agent uses it: conversations that outlive its process. */
export interface Goose extends AsyncDisposable {
  readonly version: string;
  /** Opens a new conversation and gives Goose's id of it. Throws MeshError unavailable if its tools cannot be reached. */
  open(conversation: Conversation): Promise<string>;
  /**
   * Makes sure that the running process knows a conversation: after a crash it loads it from its database. Throws as
   * `open` does.
   */
  load(id: string, conversation: Conversation): Promise<void>;
  /** Sends a message and resolves when the turn has ended. Rejects if Goose dies meanwhile. */
  prompt(id: string, text: string, onUpdate: (update: SessionUpdate) => void): Promise<PromptResponse>;
  /** Ends a running turn; its prompt then resolves as cancelled. */
  cancel(id: string): Promise<void>;
  /** Frees what the running process holds of a conversation, which is kept on disk and can be loaded again. */
  close(id: string): Promise<void>;
}

/** Starts Goose, and starts it again when it is needed after it died. */
export async function createGoose(options: Omit<GooseOptions, 'onUpdate'>): Promise<Goose> {
  const listeners = new Map<string, (update: SessionUpdate) => void>();
  const { log } = options;
  let closed = false;
  let starting: Promise<GooseProcess> | undefined;
  let loaded = new Set<string>();
  const first = await process();

  return {
    version: first.version,
    async open(conversation) {
      const opened = await ask((acp) =>
        acp.request(methods.agent.session.new, {
          cwd: conversation.cwd,
          mcpServers: [toolsOf(conversation)],
          _meta: { sessionTitle: conversation.title },
        }),
      );
      const { sessionId } = opened;
      await begin(sessionId, conversation, opened._meta);
      return sessionId;
    },
    async load(id, conversation) {
      await process();
      if (loaded.has(id)) return;
      const { cwd } = conversation;
      const mcpServers = [toolsOf(conversation)];
      const opened = await ask((acp) =>
        acp.request(methods.agent.session.load, { sessionId: id, cwd, mcpServers }),
      );
      await begin(id, conversation, opened._meta);
    },
    async prompt(id, text, onUpdate) {
      listeners.set(id, onUpdate);
      const prompt = [{ type: 'text' as const, text }];
      try {
        return await ask((acp) => acp.request(methods.agent.session.prompt, { sessionId: id, prompt }));
      } finally {
        listeners.delete(id);
      }
    },
    cancel: (id) => ask((acp) => acp.notify(methods.agent.session.cancel, { sessionId: id })),
    async close(id) {
      if (loaded.delete(id)) await closeLoaded(id);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const running = await starting?.catch(() => undefined);
      await running?.close();
    },
  };

  /** Asks the running process. Whatever is not an answer of Goose's means that it is gone, or as good as gone. */
  async function ask<T>(request: (acp: ClientContext) => Promise<T>): Promise<T> {
    const goose = await process();
    try {
      return await request(goose.acp);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      await goose.close();
      throw new GooseDiedError(`Goose ended: ${await goose.ended}`, { cause: error });
    }
  }

  async function process(): Promise<GooseProcess> {
    if (closed) throw new GooseDiedError('Goose was closed');
    starting ??= startGoose({ ...options, onUpdate: (id, update) => listeners.get(id)?.(update) }).then(
      watch,
      forget,
    );
    return starting;
  }

  function watch(goose: GooseProcess): GooseProcess {
    log.info({ version: goose.version }, 'goose started');
    void goose.ended.then((how) => {
      starting = undefined;
      loaded = new Set();
      if (!closed) log.warn({ how }, 'goose ended');
    });
    return goose;
  }

  function forget(error: unknown): never {
    starting = undefined;
    throw error;
  }

  async function closeLoaded(id: string): Promise<void> {
    await ask((acp) => acp.request(methods.agent.session.close, { sessionId: id })).catch(
      (error: unknown) => {
        // It costs memory until Goose ends, and nothing else.
        log.debug({ err: error }, 'a conversation could not be closed');
      },
    );
  }

  /** Goose goes on without the tools that it cannot reach, and its model then says what it would have done. */
  async function begin(id: string, conversation: Conversation, meta: unknown): Promise<void> {
    if (!hasTools(meta)) {
      await closeLoaded(id);
      throw new MeshError('unavailable', 'Goose could not reach the tools of the mesh.', {
        hint: 'See the logs of the agent and of the controller.',
      });
    }
    await instruct(id, conversation);
    loaded.add(id);
  }

  async function instruct(id: string, { instructions }: Conversation): Promise<void> {
    await ask((acp) =>
      acp.request('_goose/unstable/session/system-prompt/set', {
        sessionId: id,
        mode: 'append',
        key: 'goose-mesh',
        text: instructions,
      }),
    );
  }
}

const TOOLS = 'mesh';

function toolsOf({ toolsUrl }: Conversation): McpServer {
  return { type: 'http', name: TOOLS, url: toolsUrl, headers: [] };
}

/** What Goose 1.52 tells with a conversation that it opens or loads. */
const Opened = z.object({
  extensionResults: z.array(z.object({ name: z.string(), success: z.boolean() })),
});

function hasTools(meta: unknown): boolean {
  const { extensionResults } = Opened.parse(meta);
  return extensionResults.some(({ name, success }) => name === TOOLS && success);
}

/** Thrown where Goose died while it was asked something, or will not be started again. */
export class GooseDiedError extends Error {
  override name = 'GooseDiedError';
}

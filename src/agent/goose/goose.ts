import { type McpServer, methods, type PromptResponse, type SessionUpdate } from '@agentclientprotocol/sdk';
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
  /** Opens a new conversation and gives Goose's id of it. */
  open(conversation: Conversation): Promise<string>;
  /** Makes sure that the running process knows a conversation: after a crash it loads it from its database. */
  load(id: string, conversation: Conversation): Promise<void>;
  /** Sends a message and resolves when the turn has ended. Rejects if Goose dies meanwhile. */
  prompt(id: string, text: string, onUpdate: (update: SessionUpdate) => void): Promise<PromptResponse>;
  /** Ends a running turn; its prompt then resolves as cancelled. */
  cancel(id: string): Promise<void>;
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
      const { acp } = await process();
      const { sessionId } = await acp.request(methods.agent.session.new, {
        cwd: conversation.cwd,
        mcpServers: [toolsOf(conversation)],
        _meta: { sessionTitle: conversation.title },
      });
      await instruct(sessionId, conversation);
      loaded.add(sessionId);
      return sessionId;
    },
    async load(id, conversation) {
      const { acp } = await process();
      if (loaded.has(id)) return;
      await acp.request(methods.agent.session.load, {
        sessionId: id,
        cwd: conversation.cwd,
        mcpServers: [toolsOf(conversation)],
      });
      await instruct(id, conversation);
      loaded.add(id);
    },
    async prompt(id, text, onUpdate) {
      const { acp, ended } = await process();
      listeners.set(id, onUpdate);
      try {
        const turn = acp.request(methods.agent.session.prompt, {
          sessionId: id,
          prompt: [{ type: 'text', text }],
        });
        return await Promise.race([turn, ended.then(fail)]);
      } finally {
        listeners.delete(id);
      }
    },
    async cancel(id) {
      const { acp } = await process();
      await acp.notify(methods.agent.session.cancel, { sessionId: id });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await (await starting)?.close();
    },
  };

  function process(): Promise<GooseProcess> {
    starting ??= startGoose({ ...options, onUpdate: (id, update) => listeners.get(id)?.(update) }).then(
      watch,
      forget,
    );
    return starting;
  }

  function watch(goose: GooseProcess): GooseProcess {
    loaded = new Set();
    log.info({ version: goose.version }, 'goose started');
    void goose.ended.then((how) => {
      starting = undefined;
      if (!closed) log.warn({ how }, 'goose ended');
    });
    return goose;
  }

  function forget(error: unknown): never {
    starting = undefined;
    throw error;
  }

  async function instruct(id: string, { instructions }: Conversation): Promise<void> {
    const { acp } = await process();
    await acp.request('_goose/unstable/session/system-prompt/set', {
      sessionId: id,
      mode: 'append',
      key: 'goose-mesh',
      text: instructions,
    });
  }
}

function toolsOf({ toolsUrl }: Conversation): McpServer {
  return { type: 'http', name: 'mesh', url: toolsUrl, headers: [] };
}

/** Thrown where Goose died while it was asked something. */
export class GooseDiedError extends Error {
  override name = 'GooseDiedError';
}

function fail(how: string): never {
  throw new GooseDiedError(`Goose ended: ${how}`);
}

import { randomUUID } from 'node:crypto';
import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { Client } from '../../client/client.ts';
import type { ActivityEntry } from '../../core/agent.ts';
import type { Logger } from '../../core/log.ts';
import { truncate } from '../../core/text.ts';

/** Collects what Goose does in a session and reports it in order, a few entries at a time. */
export interface Activity {
  observe(update: SessionUpdate): void;
  interrupted(reason: string): void;
  /** The text since the last tool call: the agent's last words. */
  takeLastWords(): string;
  /** Resolves when everything so far is in the log. */
  flush(): Promise<void>;
}

const MAX_TEXT = 100_000;
const GATHER_MS = 30;

export function trackActivity(client: Client, sessionId: string, log: Logger): Activity {
  let words = '';
  let lastWords = '';
  let waiting: ActivityEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  return {
    observe(update) {
      if (update.sessionUpdate === 'agent_message_chunk') {
        if (update.content.type === 'text') words += update.content.text;
      } else if (update.sessionUpdate === 'tool_call') {
        endMessage();
        lastWords = '';
        add({
          kind: 'tool_called',
          call_id: update.toolCallId,
          tool: toolName(update),
          arguments: update.rawInput ?? {},
        });
      } else if (update.sessionUpdate === 'tool_call_update' && isFinal(update.status)) {
        add({ kind: 'tool_answered', call_id: update.toolCallId, ok: update.status === 'completed' });
      }
    },
    interrupted(reason) {
      endMessage();
      add({ kind: 'interrupted', reason: truncate(reason, 2000) });
    },
    takeLastWords() {
      endMessage();
      const taken = lastWords;
      lastWords = '';
      return taken;
    },
    flush,
  };

  function endMessage(): void {
    if (words.trim() !== '') {
      lastWords = truncate(words.trim(), MAX_TEXT);
      add({ kind: 'said', text: lastWords });
    }
    words = '';
  }

  function add(entry: EntryWithoutId): void {
    waiting.push({ ...entry, id: randomUUID() });
    timer ??= setTimeout(() => void flush(), GATHER_MS);
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const entries = waiting;
    waiting = [];
    if (entries.length > 0) sending = sending.then(() => send(entries));
    return sending;
  }

  async function send(entries: readonly ActivityEntry[]): Promise<void> {
    try {
      await client.sessions.report(sessionId, entries);
    } catch (error) {
      // The work itself does not depend on what is told about it.
      log.warn({ err: error, entries: entries.length }, 'activity could not be reported');
    }
  }
}

type EntryWithoutId = ActivityEntry extends infer Entry
  ? Entry extends ActivityEntry
    ? Omit<Entry, 'id'>
    : never
  : never;

type ToolCall = Extract<SessionUpdate, { sessionUpdate: 'tool_call' }>;

/** Goose puts the tool's own name into its metadata; the title is for people. */
const GooseMeta = z.object({ goose: z.object({ toolCall: z.object({ toolName: z.string() }) }) });

function toolName({ _meta, title }: ToolCall): string {
  const name = GooseMeta.safeParse(_meta);
  return truncate(name.success ? name.data.goose.toolCall.toolName : title, 200);
}

const isFinal = (status: string | null | undefined): boolean => status === 'completed' || status === 'failed';

import { z } from 'zod';

/** The parts of an OpenAI chat request that the scripted model reads. */
const Text = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .nullish();

const Message = z.looseObject({
  role: z.string(),
  content: Text,
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(
      z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }),
    )
    .optional(),
});

export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message),
  stream: z.boolean().optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** What has happened in a conversation so far. */
export interface Conversation {
  /** What the agent was told: the messages of the user, oldest first. */
  readonly told: readonly string[];
  /** The message that waits for an answer now; undefined while tools are being called. */
  readonly latest: string | undefined;
  /** What the model said itself, without calls. */
  readonly said: readonly string[];
  /** Ids of its tool calls. */
  readonly callIds: readonly string[];
  /** The latest result of each tool, parsed where it is JSON; tools are named without their extension. */
  readonly results: Readonly<Record<string, unknown>>;
}

/** What Goose 1.52 puts where the result of a call would be that a crash or a cancel cut off (found in the program). */
const NEVER_ENDED = /^Tool call was (interrupted before completing|cancelled before execution)/;

/** A call that was cut off counts as not made: as any model would, the script makes it again. */
export function readConversation(request: ChatRequest): Conversation {
  const cutOff = new Set(
    request.messages
      .filter(({ role, content }) => role === 'tool' && NEVER_ENDED.test(textOf(content)))
      .map(({ tool_call_id }) => tool_call_id),
  );
  const messages = request.messages.filter(({ tool_call_id }) => !cutOff.has(tool_call_id ?? ''));
  const calls = messages.flatMap(({ tool_calls }) => tool_calls ?? []).filter(({ id }) => !cutOff.has(id));
  const last = messages.at(-1);
  const nameOf = new Map(calls.map((call) => [call.id, shortName(call.function.name)]));
  const results = messages
    .filter(({ role }) => role === 'tool')
    .map(
      (message) => [nameOf.get(message.tool_call_id ?? '') ?? '?', parse(textOf(message.content))] as const,
    );
  return {
    told: messages.filter(({ role }) => role === 'user').map(({ content }) => textOf(content)),
    latest: last?.role === 'user' ? textOf(last.content) : undefined,
    said: messages
      .filter(({ role, tool_calls }) => role === 'assistant' && (tool_calls ?? []).length === 0)
      .map(({ content }) => textOf(content)),
    callIds: calls.map(({ id }) => id),
    results: Object.fromEntries(results),
  };
}

/** Goose names a tool `<extension>__<tool>`. */
export function shortName(tool: string): string {
  return tool.slice(tool.indexOf('__') + (tool.includes('__') ? 2 : 1));
}

function textOf(content: z.infer<typeof Text>): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => text ?? '').join('');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

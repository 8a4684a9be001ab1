import { randomUUID } from 'node:crypto';
import type { ChatRequest } from './conversation.ts';
import type { Reply } from './play.ts';

/** How many characters a streamed chunk has: few, so that values are cut in all places. */
const CHUNK = 5;
const CHARACTERS_PER_TOKEN = 4;

/** A reply as one chat completion. */
export function toCompletion(request: ChatRequest, reply: Reply) {
  const { say, call } = reply;
  return {
    ...envelope(request, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: say ?? null,
          ...(call === undefined ? {} : { tool_calls: [toolCall(call)] }),
        },
        finish_reason: call === undefined ? 'stop' : 'tool_calls',
      },
    ],
    usage: usageOf(request, reply),
  };
}

/** A reply as the chunks of a streamed chat completion, usage last. */
export function toChunks(request: ChatRequest, reply: Reply): readonly object[] {
  const { say, call } = reply;
  const deltas = [
    { role: 'assistant', content: '' },
    ...cut(say ?? '').map((content) => ({ content })),
    ...(call === undefined ? [] : [{ tool_calls: [{ index: 0, ...toolCall({ ...call, arguments: '' }) }] }]),
    ...cut(call?.arguments ?? '').map((text) => ({
      tool_calls: [{ index: 0, function: { arguments: text } }],
    })),
  ];
  const finish_reason = call === undefined ? 'stop' : 'tool_calls';
  const shared = envelope(request, 'chat.completion.chunk');
  return [
    ...deltas.map((delta) => ({ ...shared, choices: [{ index: 0, delta, finish_reason: null }] })),
    { ...shared, choices: [{ index: 0, delta: {}, finish_reason }] },
    { ...shared, choices: [], usage: usageOf(request, reply) },
  ];
}

function envelope({ model }: ChatRequest, object: string) {
  return { id: `chatcmpl-${randomUUID()}`, object, created: Math.floor(Date.now() / 1000), model };
}

function toolCall({ id, name, arguments: args }: NonNullable<Reply['call']>) {
  return { id, type: 'function', function: { name, arguments: args } };
}

function cut(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${CHUNK}}`, 'gsu')) ?? [];
}

function usageOf(request: ChatRequest, { say = '', call }: Reply) {
  const prompt_tokens = Math.ceil(JSON.stringify(request.messages).length / CHARACTERS_PER_TOKEN);
  const completion_tokens = Math.ceil((say.length + (call?.arguments.length ?? 0)) / CHARACTERS_PER_TOKEN);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

import { z } from 'zod';
import { sendJson } from './http.ts';
import { type Answer, chunk, completion, DONE, USAGE } from './provider.ts';

/**
 * A model behind every API that the guard serves, which repeats what was said last: as text, as the first argument of the
 * first tool that it was given, or as JSON where the answer must have a form. Streamed in pieces of five characters.
 */
export const parrot: Answer = (response, { method, url, body }) => {
  if (method === 'GET') {
    sendJson(response, 200, MODELS);
    return;
  }
  const path = new URL(url ?? '', 'http://x').pathname.replace(/^.*\/v1|^.*\/deployments\/[^/]+/, '');
  const speech = SPEECHES.get(path);
  if (speech === undefined) throw new Error(`There is nothing under ${path}.`);
  const request = Request.parse(JSON.parse(body));
  if (request.stream !== true) {
    sendJson(response, 200, speech.whole(request));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(speech.events(request).join(''));
};

const Schema = z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() });
const Plain = z.looseObject({
  name: z.string().optional(),
  parameters: Schema.optional(),
  input_schema: Schema.optional(),
});
const Tool = Plain.extend({ function: Plain.optional() });

const Request = z.looseObject({
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ content: z.unknown().optional() })).optional(),
  input: z.unknown().optional(),
  tools: z.array(Tool).optional(),
});
type Request = z.infer<typeof Request>;

interface Speech {
  whole(request: Request): unknown;
  events(request: Request): readonly string[];
}

const MODELS = { object: 'list', data: [{ id: 'parrot', object: 'model', type: 'model' }], has_more: false };

const SPEECHES: ReadonlyMap<string, Speech> = new Map([
  ['/chat/completions', { whole: completeChat, events: streamChat }],
  ['/responses', { whole: respond, events: streamResponse }],
  ['/messages', { whole: say, events: streamMessage }],
  ['/messages/count_tokens', { whole: () => ({ input_tokens: 42 }), events: () => [] }],
  ['/embeddings', { whole: embed, events: () => [] }],
]);

/** The last text of the conversation, wherever its API has it. */
function lastText({ messages, input }: Request): string {
  const last: unknown = messages?.at(-1)?.content ?? input;
  // Of the items of Responses the last one; of the blocks of a message all.
  const text = readText(input !== undefined && Array.isArray(last) ? last.at(-1) : last);
  // Goose adds lines about its time and place.
  const lines = text.split('\n').filter((line) => /\[[A-Z_]+_\w+\]/.test(line));
  return lines.length === 0 ? text : lines.join('\n');
}

const Part = z.looseObject({
  text: z.string().optional(),
  content: z.unknown().optional(),
  output: z.unknown().optional(),
});

function readText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(readText).join('\n');
  const { text, content, output } = Part.parse(value);
  return text ?? readText(content ?? output);
}

/** What the model says: JSON in a call and where a form is asked for. */
function wordsOf(request: Request): string {
  const asksForForm = ['response_format', 'output_config', 'output_format', 'text'].some(
    (key) => key in request,
  );
  const said = lastText(request);
  if (calls(request)) return JSON.stringify({ [firstTool(request).argument]: said });
  return asksForForm ? JSON.stringify({ text: said }) : said;
}

function firstTool({ tools }: Request) {
  const tool = tools?.[0]?.function ?? tools?.[0];
  const schema = tool?.parameters ?? tool?.input_schema;
  return { name: tool?.name ?? 'send', argument: Object.keys(schema?.properties ?? {})[0] ?? 'text' };
}

/** A tool is called once: not when its result came last. */
function calls(request: Request): boolean {
  const conversation = JSON.stringify(request.messages ?? request.input);
  return (
    (request.tools ?? []).length > 0 &&
    !/"tool_call_id"|"tool_use_id"|"function_call_output"/.test(conversation)
  );
}

function cut(words: string): readonly string[] {
  return words.match(/.{1,5}/gsu) ?? [];
}

function callOf(request: Request, words: string) {
  const { name } = firstTool(request);
  return [{ index: 0, id: 'call_1', type: 'function', function: { name, arguments: words } }];
}

function completeChat(request: Request) {
  const words = wordsOf(request);
  return completion({
    role: 'assistant',
    ...(calls(request)
      ? { content: null, tool_calls: callOf(request, words) }
      : { content: words, refusal: null }),
  });
}

function streamChat(request: Request) {
  const isCall = calls(request);
  const pieces = cut(wordsOf(request)).map((piece) =>
    chunk(isCall ? { tool_calls: [{ index: 0, function: { arguments: piece } }] } : { content: piece }),
  );
  const first = chunk({
    role: 'assistant',
    ...(isCall ? { tool_calls: callOf(request, '') } : { content: '' }),
  });
  return [first, ...pieces, chunk({}, isCall ? 'tool_calls' : 'stop'), USAGE, DONE];
}

const USED = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };

function itemOf(request: Request, words: string) {
  const { name } = firstTool(request);
  const call = { type: 'function_call', id: 'item_1', call_id: 'call_1', name, arguments: words };
  const part = { type: 'output_text', text: words, annotations: [] };
  const message = { type: 'message', id: 'item_1', role: 'assistant', content: words === '' ? [] : [part] };
  return { ...(calls(request) ? call : message), status: 'completed' };
}

function respond(request: Request) {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'parrot',
    status: 'completed',
    error: null,
    output: [itemOf(request, wordsOf(request))],
    usage: USED,
  };
}

function streamResponse(request: Request) {
  const words = wordsOf(request);
  const part = (text: string) => ({ content_index: 0, part: { type: 'output_text', text, annotations: [] } });
  const pieces = (type: string) =>
    cut(words).map((delta) => ({ type: `response.${type}.delta`, content_index: 0, delta }));
  const events = [
    { type: 'response.created', response: { ...respond(request), status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', item: itemOf(request, '') },
    ...(calls(request)
      ? [
          ...pieces('function_call_arguments'),
          { type: 'response.function_call_arguments.done', arguments: words },
        ]
      : [
          { type: 'response.content_part.added', ...part('') },
          ...pieces('output_text'),
          { type: 'response.output_text.done', content_index: 0, text: words },
          { type: 'response.content_part.done', ...part(words) },
        ]),
    { type: 'response.output_item.done', item: itemOf(request, words) },
    { type: 'response.completed', response: respond(request) },
  ];
  return events.map((event, sequence_number) =>
    named({ item_id: 'item_1', output_index: 0, ...event, sequence_number }),
  );
}

function named(event: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function messageOf(content: readonly unknown[], isCall: boolean) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'parrot',
    content,
    stop_reason: isCall ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 7 },
  };
}

function blockOf(request: Request, words: string) {
  return calls(request)
    ? {
        type: 'tool_use',
        id: 'toolu_1',
        name: firstTool(request).name,
        input: words === '' ? {} : (JSON.parse(words) as unknown),
      }
    : { type: 'text', text: words };
}

const THOUGHT = { type: 'thinking', thinking: '', signature: '' };

function say(request: Request) {
  const thought = { ...THOUGHT, thinking: lastText(request), signature: 'EqQB' };
  return messageOf([thought, blockOf(request, wordsOf(request))], calls(request));
}

function streamMessage(request: Request) {
  const isCall = calls(request);
  const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields });
  const { stop_reason, stop_sequence, usage } = messageOf([], isCall);
  return [
    { type: 'message_start', message: { ...messageOf([], isCall), stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: THOUGHT },
    ...cut(lastText(request)).map((thinking) => delta(0, { type: 'thinking_delta', thinking })),
    delta(0, { type: 'signature_delta', signature: 'EqQB' }),
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: blockOf(request, '') },
    ...cut(wordsOf(request)).map((piece) =>
      delta(
        1,
        isCall ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece },
      ),
    ),
    { type: 'content_block_stop', index: 1 },
    {
      type: 'message_delta',
      delta: { stop_reason, stop_sequence },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: 'message_stop' },
  ].map(named);
}

function embed() {
  const embedding = Buffer.from(Float32Array.of(0.5, 0.25).buffer).toString('base64');
  return {
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding }],
    usage: { prompt_tokens: 5 },
  };
}

import { createParser } from 'eventsource-parser';
import { z } from 'zod';

const Chunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.number(),
        delta: z.looseObject({
          content: z.string().optional(),
          tool_calls: z
            .array(
              z.looseObject({
                index: z.number(),
                function: z.looseObject({ arguments: z.string().optional() }).optional(),
              }),
            )
            .optional(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .optional(),
});

/** What a client makes of a streamed answer. */
export interface ReadStream {
  readonly content: string;
  readonly arguments: readonly string[];
  readonly finished: boolean;
  readonly done: boolean;
  readonly events: readonly string[];
}

export function readStream(stream: string): ReadStream {
  const events: string[] = [];
  createParser({ onEvent: ({ data }) => events.push(data) }).feed(stream);
  const chunks = events.filter((data) => data !== '[DONE]').map((data) => Chunk.parse(JSON.parse(data)));
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  const calls: string[] = [];
  for (const call of choices.flatMap(({ delta }) => delta.tool_calls ?? [])) {
    calls[call.index] = (calls[call.index] ?? '') + (call.function?.arguments ?? '');
  }
  return {
    content: choices.map(({ delta }) => delta.content ?? '').join(''),
    arguments: calls,
    finished: choices.some(({ finish_reason }) => typeof finish_reason === 'string'),
    done: events.at(-1) === '[DONE]',
    events,
  };
}

import { expect, test } from 'vitest';
import { openaiEmbeddings } from '../../../src/guard/shapes/openai-embeddings.ts';
import { maskWith, restoration } from '../support/shape.ts';

const mask = (input: unknown, more = {}) => maskWith(openaiEmbeddings, { model: 'm', input, ...more });

test.each(['jane@acme.io', ['x', 'jane@acme.io']])('%j is masked', (input) => {
  expect(mask(input).text).toMatch(/\[EMAIL_\w{6}\]/);
  expect(mask(input).text).not.toContain('jane');
});

test.each([[[1, 2]], [[[1, 2], [3]]], [7], [undefined]])(
  '%j is refused: numbers of tokens may be text',
  (input) => {
    expect(() => mask(input, { input })).toThrow(/^input.* was refused: the guard reads text only/);
  },
);

test('an answer passes as it is', () => {
  const answer = { data: [{ embedding: [0.1], index: 0 }], usage: { prompt_tokens: 5, total_tokens: 5 } };
  expect(openaiEmbeddings.restoreAnswer(answer, restoration())).toBe(answer);
  expect(openaiEmbeddings.readUsage(answer)).toEqual({ tokensIn: 5, tokensOut: null });
});

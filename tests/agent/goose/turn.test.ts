import type { PromptResponse } from '@agentclientprotocol/sdk';
import { expect, test } from 'vitest';
import { findTurnFailure } from '../../../src/agent/goose/turn.ts';

const ERROR =
  'Ran into this error: Request failed: Bad request (400): no.\n\nPlease retry if you think this is a transient or recoverable error.';
const ENDED: PromptResponse = { stopReason: 'end_turn' };
/** Of an earlier turn: Goose tells it again. */
const ENDED_WITH_USAGE = { ...ENDED, usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } };

test.each([
  ['the first turn', ENDED, ERROR],
  ['a later turn', ENDED_WITH_USAGE, ERROR],
  ['a turn that had begun to speak', ENDED_WITH_USAGE, `I will look.\n${ERROR}`],
])("Goose's own error text in %s is a failure", (_when, response, text) => {
  expect(findTurnFailure(response, text)).toMatchObject({ retryable: false });
});

test.each([
  ['a model that quotes it', `The log says:\n${ERROR}\nThat was yesterday.`],
  ['a model that speaks of it', 'I saw "Ran into this error: no" in the log.'],
])('%s has answered', (_who, text) => {
  expect(findTurnFailure(ENDED_WITH_USAGE, text)).toBeUndefined();
});

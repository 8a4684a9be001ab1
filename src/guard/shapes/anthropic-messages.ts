import { toAnthropicError } from '../refusal.ts';
import { readUsage, restoreAnswer } from './anthropic-messages-answer.ts';
import { restoreEvents } from './anthropic-messages-events.ts';
import { maskRequest } from './anthropic-messages-request.ts';
import type { Shape } from './shape.ts';

/** POST /v1/messages: https://docs.anthropic.com/en/api/messages */
export const anthropicMessages: Shape = {
  name: 'anthropic-messages',
  path: '/messages',
  maskRequest,
  restoreAnswer,
  restoreEvents,
  readUsage,
  toError: toAnthropicError,
};

/** POST /v1/messages/count_tokens: the request of a message, and a number as its answer. */
export const anthropicCountTokens: Shape = {
  ...anthropicMessages,
  name: 'anthropic-count-tokens',
  path: '/messages/count_tokens',
  restoreEvents: undefined,
};

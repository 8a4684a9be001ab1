import { toOpenaiError } from '../refusal.ts';
import { readUsage, restoreAnswer } from './openai-chat-answer.ts';
import { restoreEvents } from './openai-chat-events.ts';
import { maskRequest } from './openai-chat-request.ts';
import type { Shape } from './shape.ts';

/** POST /v1/chat/completions: https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Shape = {
  name: 'openai-chat',
  path: '/chat/completions',
  maskRequest,
  restoreAnswer,
  restoreEvents,
  readUsage,
  toError: toOpenaiError,
};

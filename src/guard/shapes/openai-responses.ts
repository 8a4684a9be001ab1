import { toOpenaiError } from '../refusal.ts';
import { readUsage, restoreAnswer } from './openai-responses-answer.ts';
import { restoreEvents } from './openai-responses-events.ts';
import { maskRequest } from './openai-responses-request.ts';
import type { Shape } from './shape.ts';

/** POST /v1/responses: https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: Shape = {
  name: 'openai-responses',
  path: '/responses',
  maskRequest,
  restoreAnswer,
  restoreEvents,
  readUsage,
  toError: toOpenaiError,
};

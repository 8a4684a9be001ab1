import { type PromptResponse, RequestError } from '@agentclientprotocol/sdk';
import { isJsonObject } from '../../core/json.ts';

/** How a turn can fail that Goose itself does not report as an error. */
export interface TurnFailure {
  readonly reason: string;
  /** Whether another attempt may go better. */
  readonly retryable: boolean;
}

/**
 * After four failed tries Goose 1.52 ends the turn as if all were well, with these texts as the answer (measured). It says
 * nothing of usage then, unless an earlier turn of the conversation had some: that is told again.
 */
const RAN_INTO_ERROR = /^Ran into this error(?: trying to compact)?: /m;
const ERROR_ENDS = 'Please retry if you think this is a transient or recoverable error.';
/** Other words of Goose's own that stand where an answer would, found in the program. */
const EMPTY_RESPONSE = 'The model returned an empty response. Please resend your message to continue.';
const TOO_LONG = 'Unable to continue: Context limit still exceeded after compaction.';

/** A 4xx that another attempt does not change: all but time-outs (408) and rate limits (429). */
const BAD_REQUEST = /\(4(?!08|29)\d\d\)/;

/** A finished turn that is none: the model could not be reached, or what it said is Goose's own error text. */
export function findTurnFailure(response: PromptResponse, text: string): TurnFailure | undefined {
  const isError = text.trimEnd().endsWith(ERROR_ENDS) || usageOf(response) === undefined;
  if (response.stopReason === 'end_turn' && RAN_INTO_ERROR.test(text) && isError) {
    const said = text.replace(RAN_INTO_ERROR, '').trim();
    return { reason: `the model could not be used: ${said}`, retryable: !BAD_REQUEST.test(said) };
  }
  if (text.trimEnd().endsWith(EMPTY_RESPONSE))
    return { reason: 'the model answered with nothing', retryable: true };
  if (text.includes(TOO_LONG))
    return { reason: 'the conversation is too long for the model, also shortened', retryable: false };
  if (response.stopReason === 'refusal') return { reason: 'the model refused to answer', retryable: false };
  if (response.stopReason === 'max_turn_requests')
    return { reason: 'the turn took too many steps', retryable: false };
  return undefined;
}

/** What a rejected prompt means; undefined for errors that are not Goose's. */
export function explainRejection(error: unknown): TurnFailure | undefined {
  if (!(error instanceof RequestError)) return undefined;
  const data: unknown = error.data;
  if (isJsonObject(data) && data['reason'] === 'credits_exhausted') {
    return { reason: 'the budget for model calls is exhausted (402)', retryable: false };
  }
  return { reason: `Goose refused the prompt: ${error.message}`, retryable: true };
}

/** `usage` is an unstable member of ACP, so the stable types do not have it. */
function usageOf(response: PromptResponse): unknown {
  return Reflect.get(response, 'usage') ?? undefined;
}

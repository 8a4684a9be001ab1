import { isMeshError } from '../../core/errors.ts';
import type { StepFailure } from '../../core/run.ts';
import { UnknownValueError } from '../template.ts';
import { UnmetError } from './unmet-error.ts';

/** What a known error says of the mesh; what is not known is a bug of ours and goes on. */
export function explain(error: unknown): StepFailure {
  if (error instanceof UnmetError) return error.failure;
  if (error instanceof UnknownValueError) {
    return {
      expected: 'a scenario whose values are known where they are used',
      seen: error.message,
      nearest: [],
    };
  }
  if (isMeshError(error)) return { expected: 'the mesh to answer', seen: error.message, nearest: [] };
  throw error;
}

import type { StepFailure } from '../../core/run.ts';

/** An expectation that was not met. */
export class UnmetError extends Error {
  override name = 'UnmetError';
  readonly failure: StepFailure;

  constructor(failure: Omit<StepFailure, 'nearest'> & { readonly nearest?: readonly string[] }) {
    super(`expected ${failure.expected}; seen: ${failure.seen}`);
    this.failure = { ...failure, nearest: [...(failure.nearest ?? [])] };
  }
}

import { messageOf } from '../../../core/errors.ts';

/** What to take back if the whole does not succeed. */
export class Undo {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /** Takes everything back, the last first. Gives what went wrong: each step is tried, whatever happened before. */
  async run(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      await step().catch((error: unknown) => failures.push(messageOf(error)));
    }
    return failures;
  }
}

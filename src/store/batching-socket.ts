import { Socket } from 'node:net';

/**
 * A socket to PostgreSQL that sends together what is written in one turn of the event loop: what is written apart wakes
 * the server each time, which on a small machine costs more than most statements. node-postgres corks the socket for each
 * statement, and this keeps it corked a moment longer.
 */
export class BatchingSocket extends Socket {
  #isGathering = false;

  override cork(): void {
    super.cork();
    if (this.#isGathering) return;
    this.#isGathering = true;
    super.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      super.uncork();
    });
  }
}

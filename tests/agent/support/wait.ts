import type { MeshEvent } from '../../../src/core/event.ts';
import type { TestController } from '../../support/controller.ts';

/** The first event that passes, from the beginning of the log on. */
export async function waitForEvent(
  controller: TestController,
  passes: (event: MeshEvent) => boolean,
): Promise<MeshEvent> {
  const stop = AbortSignal.timeout(45_000);
  for await (const event of controller.as('user:root').events({ after: 0, signal: stop })) {
    if (passes(event)) return event;
  }
  throw new Error('the event did not come');
}

import type Dockerode from 'dockerode';
import { messageOf } from '../../../core/errors.ts';
import type { OnProgress, Progress } from '../../engine.ts';
import type { ServicePlan } from '../../plan.ts';
import { readAddress } from './address.ts';
import { startContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import { fullName } from './names.ts';
import type { Pool } from './pool.ts';
import { isReady, waitUntilReady } from './ready.ts';

export interface Bringing {
  /** Whether the container runs already. */
  readonly isKept: boolean;
  readonly pool: Pool;
  readonly signal: AbortSignal;
  /** Called when the container runs. */
  readonly started: () => void;
  readonly onProgress: OnProgress;
}

/** Starts the container of a service, unless it runs, and waits until its part is ready. */
export async function bringUp(
  deck: Deck,
  service: ServicePlan,
  { isKept, pool, signal, started, onProgress }: Bringing,
): Promise<void> {
  const container = deck.docker.getContainer(fullName(deck.mesh, service.name));
  const report = (state: Progress['state'], detail?: string) => {
    onProgress({ service: service.name, state, ...(detail === undefined ? {} : { detail }) });
  };
  try {
    if (isKept) {
      started();
      await waitForKept(container, service.name, signal);
    } else {
      report('starting');
      await pool(() => startContainer(container, service));
      started();
      await waitUntilReady(container, service.name, signal);
    }
    report(
      isKept ? 'kept' : 'ready',
      service.publish === undefined ? undefined : await readAddress(deck, service.name),
    );
  } catch (error) {
    if (!signal.aborted) report('failed', messageOf(error));
    throw error;
  }
}

async function waitForKept(
  container: Dockerode.Container,
  service: string,
  signal: AbortSignal,
): Promise<void> {
  const { State } = await container.inspect();
  if (!(await isReady(container, State.StartedAt)))
    await waitUntilReady(container, service, signal, State.StartedAt);
}

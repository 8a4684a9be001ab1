import { setTimeout as delay } from 'node:timers/promises';
import { describePlace } from '../place.ts';
import { serveControl } from './control.ts';
import { Fleet } from './fleet.ts';
import { awaitLoss, listenAlone } from './socket.ts';

export interface SupervisorOptions {
  readonly stateDir: string;
  /** Whether it ends, with all its services, when its standard input closes. */
  readonly tied: boolean;
}

/** A supervisor that is told nothing in this time was started by somebody who died. */
const IDLE_MS = 10_000;

/**
 * Runs the services of one mesh until it is told to stop, has none left, or cannot be reached any more. Returns at
 * once if the mesh has a supervisor already.
 */
export async function runSupervisor({ stateDir, tied }: SupervisorOptions): Promise<void> {
  const place = describePlace(stateDir);
  const fleet = new Fleet(place);
  const server = serveControl(fleet, { tiedTo: tied ? process.ppid : null });

  const isAlone = await listenAlone(server, place.socket);
  // Whoever has started it waits for this.
  process.stdout.write('listening\n');
  if (!isAlone) return;

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void fleet.stop());
  if (tied) process.stdin.once('close', () => void fleet.stop()).resume();
  const over = new AbortController();
  void awaitLoss(place.socket, over.signal).then(() => fleet.stop());
  void delay(IDLE_MS, undefined, { ref: false }).then(() => fleet.stopIfEmpty());

  await fleet.ended;
  over.abort();
  server.close();
  process.stdin.destroy();
}

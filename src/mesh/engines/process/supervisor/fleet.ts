import { rmdir } from 'node:fs/promises';
import { MeshError, messageOf } from '../../../../core/errors.ts';
import { reverse, runInOrder } from '../../order.ts';
import type { Place } from '../place.ts';
import type { PlannedService, Progress, SupervisorStatus } from '../wire.ts';
import { Service } from './service.ts';

export type Report = (progress: Progress) => void;

/** What an `apply` has changed, to be taken back if it fails. */
interface Changes {
  readonly started: Service[];
  readonly replaced: Service[];
}

interface Bringing {
  readonly signal: AbortSignal;
  /** Called when the process runs. */
  readonly started: () => void;
  readonly report: Report;
  readonly changes: Changes;
}

/** The services of a mesh. Changes take turns: each finds the mesh as the one before has left it. */
export class Fleet {
  readonly #place: Place;
  readonly #services = new Map<string, Service>();
  readonly #stopping = new AbortController();
  readonly #ended = Promise.withResolvers<undefined>();
  #turn: Promise<void> = Promise.resolve();
  #turnsTaken = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Resolves when everything was stopped for good. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Makes the mesh be as planned, or as it was before if that fails or is aborted. */
  async apply(plans: readonly PlannedService[], signal: AbortSignal, report: Report): Promise<void> {
    await this.#takeTurn(async () => {
      const changes: Changes = { started: [], replaced: [] };
      const either = AbortSignal.any([signal, this.#stopping.signal]);
      for (const { name, after } of plans) {
        if (after.length > 0) report({ service: name, state: 'waiting', detail: after.join(', ') });
      }
      try {
        await runInOrder(plans, either, (plan, aborted, started) =>
          this.#bringUp(plan, { signal: aborted, started, report, changes }),
        );
      } catch (error) {
        await this.#takeBack(changes, report);
        throw error;
      }
      const planned = new Set(plans.map(({ name }) => name));
      await this.#takeDown(
        [...this.#services.values()].filter(({ name }) => !planned.has(name)),
        report,
      );
    }).finally(() => this.stopIfEmpty());
  }

  /** Stops everything, also what is just being started. */
  async stop(report: Report = () => undefined): Promise<void> {
    this.#stopping.abort(new MeshError('unavailable', 'The mesh is being stopped.'));
    await this.#takeTurn(async () => {
      await this.#takeDown([...this.#services.values()], report);
      // Empty by now, unless another supervisor uses them already.
      await rmdir(this.#place.configDir).catch(() => undefined);
      await rmdir(this.#place.memoryDir).catch(() => undefined);
    });
    this.#ended.resolve(undefined);
  }

  /** A mesh without services needs no supervisor, unless somebody is about to change it. */
  async stopIfEmpty(): Promise<void> {
    if (this.#services.size === 0 && this.#turnsTaken === 0) await this.stop();
  }

  /** Ends a service's process as a crash would. */
  kill(name: string): void {
    if (this.#services.get(name)?.kill() === true) return;
    throw new MeshError('not_found', `There is no process of a service ${name} to kill.`, {
      hint: `The services are ${[...this.#services.keys()].join(', ')}.`,
    });
  }

  listStatus(): SupervisorStatus['services'] {
    return [...this.#services.values()].map((service) => service.readStatus());
  }

  async #bringUp(plan: PlannedService, { signal, started, report, changes }: Bringing): Promise<void> {
    const service = new Service(plan, this.#place);
    const present = this.#services.get(plan.name);
    const isKept = present?.hash === service.hash;
    try {
      if (isKept) {
        started();
        await present.whenReady(signal);
      } else {
        if (present !== undefined) {
          changes.replaced.push(present);
          await this.#takeDown([present], report);
        }
        report({ service: plan.name, state: 'starting' });
        changes.started.push(service);
        this.#services.set(plan.name, service);
        await service.start();
        started();
        await service.whenReady(signal);
      }
      report({ service: plan.name, state: isKept ? 'kept' : 'ready', ...describeAddress(service) });
    } catch (error) {
      if (!signal.aborted) report({ service: plan.name, state: 'failed', detail: messageOf(error) });
      throw error;
    }
  }

  /** What was replaced runs again, though whether it becomes ready is not waited for. */
  async #takeBack({ started, replaced }: Changes, report: Report): Promise<void> {
    await this.#takeDown(started, report);
    if (this.#stopping.signal.aborted) return;
    for (const { plan } of replaced) {
      const service = new Service(plan, this.#place);
      this.#services.set(plan.name, service);
      await service.start().catch((error: unknown) => {
        report({ service: plan.name, state: 'failed', detail: messageOf(error) });
      });
    }
  }

  async #takeDown(services: readonly Service[], report: Report): Promise<void> {
    const never = new AbortController().signal;
    await runInOrder(reverse(services), never, async ({ item: service }) => {
      report({ service: service.name, state: 'stopping' });
      await service.stop();
      this.#services.delete(service.name);
      report({ service: service.name, state: 'stopped' });
    });
  }

  async #takeTurn(change: () => Promise<void>): Promise<void> {
    this.#turnsTaken++;
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => undefined);
    await turn.finally(() => this.#turnsTaken--);
  }
}

function describeAddress(service: Service): { readonly detail?: string } {
  const { address } = service.readStatus();
  return address === null ? {} : { detail: address };
}

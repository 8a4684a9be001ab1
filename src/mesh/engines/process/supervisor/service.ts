import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { canonicalJson } from '../../../../core/json.ts';
import { explainFailure } from '../../part-log.ts';
import type { Place } from '../place.ts';
import type { PlannedService, SupervisorStatus } from '../wire.ts';
import { removeConfig, writeConfig } from './config-file.ts';
import { LogFile } from './log-file.ts';
import { mountMemory, unmountMemory } from './memory.ts';
import { type PartProcess, spawnPart } from './part-process.ts';
import { addressOf, type Publication, publish } from './publish.ts';
import { countFailures, restartDelayMs } from './restart-delay.ts';
import { within } from './within.ts';

/** A part that ends so often in a row is not about to become ready. */
const MAX_FAILURES = 3;

/** How long a part may take to become ready. */
const READY_MS = 60_000;

/** One service of a mesh: its process, started again whenever it ends by itself. */
export class Service {
  readonly plan: PlannedService;
  /** Changes with anything that the process depends on. */
  readonly hash: string;
  readonly #place: Place;
  readonly #log: LogFile;
  readonly #stopping = new AbortController();
  #process: PartProcess | undefined;
  #publication: Publication | undefined;
  #supervision: Promise<void> = Promise.resolve();
  #ready = createReadiness();
  #restarts = 0;

  constructor(plan: PlannedService, place: Place) {
    this.plan = plan;
    this.hash = createHash('sha256')
      .update(canonicalJson([plan.config, plan.publish, plan.tmpfs, plan.memoryMb]))
      .digest('hex');
    this.#place = place;
    this.#log = new LogFile(join(place.logDir, `${plan.name}.log`));
  }

  get name(): string {
    return this.plan.name;
  }

  get after(): readonly string[] {
    return this.plan.after;
  }

  /** Starts it, and again whenever it ends, until `stop`. */
  async start(): Promise<void> {
    const configFile = await writeConfig(this.#place, this.plan);
    await mountMemory(this.#place, this.plan);
    this.#publication = await publish(this.plan);
    this.#supervision = this.#supervise(configFile);
  }

  /** Resolves when it does its work; rejects when it fails again and again, takes too long, or the signal aborts. */
  async whenReady(signal: AbortSignal): Promise<void> {
    await within(READY_MS, signal, this.#ready.promise, () =>
      explainFailure(
        `${this.name} was not ready within ${READY_MS / 1000} seconds`,
        this.#process?.lastLines ?? [],
      ),
    );
  }

  /** Ends it in order, or at once if that takes too long. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process?.stop();
    await this.#supervision;
    this.#publication?.close();
    this.#log.close();
    await removeConfig(this.#place, this.name);
    await unmountMemory(this.#place, this.plan);
  }

  /** Ends its process as a crash would. False if there is none. */
  kill(): boolean {
    this.#process?.kill();
    return this.#process !== undefined;
  }

  readStatus(): SupervisorStatus['services'][number] {
    return {
      service: this.name,
      part: this.plan.config.part,
      state: this.#process?.isReady() === true ? 'running' : 'starting',
      started_at: this.#process?.startedAt.toISOString() ?? null,
      restarts: this.#restarts,
      address: addressOf(this.plan),
      pid: this.#process?.pid ?? null,
    };
  }

  async #supervise(configFile: string): Promise<void> {
    const isStopping = () => this.#stopping.signal.aborted;
    for (let failures = 0; !isStopping(); this.#restarts++) {
      this.#process = spawnPart(this.plan, configFile, this.#log);
      void this.#process.ready.then(this.#ready.resolve);
      const end = await this.#process.ended;
      this.#process = undefined;
      if (isStopping()) return;

      failures = countFailures(failures, end.lastedMs);
      if (end.wasReady) this.#ready = createReadiness();
      if (failures >= MAX_FAILURES) {
        this.#ready.reject(
          explainFailure(`${this.name} does not start, it ended with ${end.how}`, end.lastLines),
        );
        this.#ready = createReadiness();
      }
      const delayMs = restartDelayMs(failures);
      this.#log.note(`${this.name} ended with ${end.how}; starts again in ${delayMs} ms`);
      await delay(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }
}

function createReadiness(): PromiseWithResolvers<undefined> {
  const readiness = Promise.withResolvers<undefined>();
  // Perhaps nobody waits.
  readiness.promise.catch(() => undefined);
  return readiness;
}

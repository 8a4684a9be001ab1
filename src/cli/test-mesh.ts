import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { MeshError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Engine } from '../mesh/engine.ts';
import { thisProcess } from '../mesh/holder.ts';
import { listServices } from '../mesh/make-plan.ts';
import { readSecrets, type Secrets } from '../mesh/secrets.ts';
import { meshStateDir } from '../mesh/state-dir.ts';
import { bringUp } from './bring-up.ts';
import { chooseEngine } from './choose-engine.ts';
import { removeDeadTests } from './dead-tests.ts';
import type { Project } from './project.ts';
import { findRunningMesh } from './running-mesh.ts';

/** A mesh to run tests on: the project's own if it is up, else one that lives only for the test. */
export interface TestMesh {
  readonly name: string;
  readonly engine: Engine;
  readonly reason: string;
  readonly model: string;
  /** What else there is to say about it. */
  readonly notes: readonly string[];
  /** The services that `start` brings up. */
  readonly services: readonly string[];
  /** Makes it ready. */
  start(options: StartOptions): Promise<Secrets>;
  /** Makes sessions expire after so many days without a move. Undefined: the mesh is not the test's own to change. */
  readonly shortenRetention: ((days: number, options: StartOptions) => Promise<void>) | undefined;
  /** Removes what `start` made; a mesh that was up before stays. */
  stop(onProgress: OnProgress): Promise<void>;
}

interface StartOptions {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export async function prepareTestMesh(
  project: Project,
  options: { readonly modelAsked: boolean },
): Promise<TestMesh> {
  const running = await findRunningMesh(project);
  if (running === undefined) return prepareOwnMesh(project);
  const { record, engine, secrets } = running;
  if (options.modelAsked && record.model !== project.spec.model.label) {
    throw new MeshError(
      'usage',
      `The mesh is up with the model ${record.model}, not with ${project.spec.model.label}.`,
      {
        hint: `goose-mesh up --model ${project.spec.model.label} changes it; goose-mesh down makes the test start its own.`,
      },
    );
  }
  if ((await engine.address('controller')) === undefined) {
    throw new MeshError(
      'environment',
      `The mesh ${record.mesh} was brought up, but its controller is not running.`,
      {
        hint: 'goose-mesh up starts what is missing; goose-mesh down removes the rest.',
      },
    );
  }
  return {
    name: record.mesh,
    engine,
    reason: 'the mesh is up on it',
    model: record.model,
    notes: [],
    services: [],
    start: () => Promise.resolve(secrets),
    shortenRetention: undefined,
    stop: () => Promise.resolve(),
  };
}

async function prepareOwnMesh({ spec: asked }: Project): Promise<TestMesh> {
  const name = `${asked.name}-test-${randomBytes(2).toString('hex')}`;
  const project = { spec: { ...asked, name }, stateDir: meshStateDir(name) };
  const { engine, reason } = await chooseEngine(project, { tied: true });
  return {
    name,
    engine,
    reason,
    model: asked.model.label,
    notes: (await removeDeadTests()).map((dead) => `removed: ${dead}, left by a test that was killed`),
    services: listServices(asked),
    async start(options) {
      await bringUp(project, engine, { ...options, tiedTo: await thisProcess() });
      const secrets = await readSecrets(project.stateDir);
      if (secrets === undefined) throw new TypeError('a mesh came up without secrets');
      return secrets;
    },
    // What differs is replaced, which is the controller alone.
    shortenRetention: async (retentionDays, options) =>
      bringUp(project, engine, { ...options, tiedTo: await thisProcess(), retentionDays }),
    async stop(onProgress) {
      await engine.down({ volumes: true, onProgress });
      await rm(project.stateDir, { recursive: true, force: true });
    },
  };
}

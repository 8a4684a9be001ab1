import { clientIdOf } from '../core/identity.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Engine } from '../mesh/engine.ts';
import type { Holder } from '../mesh/holder.ts';
import { lockMesh } from '../mesh/lock.ts';
import { listClients, listServices, makePlan } from '../mesh/make-plan.ts';
import { findModelKey } from '../mesh/model.ts';
import { readModelCa } from '../mesh/model-ca.ts';
import { loadRules } from '../mesh/rules.ts';
import { ensureSecrets } from '../mesh/secrets.ts';
import { ensureStateDir } from '../mesh/state-dir.ts';
import { checkDatabase } from './given-database.ts';
import { readMeshRecord, removeMeshRecord, writeMeshRecord } from './mesh-record.ts';
import { type Project, retentionDays } from './project.ts';

/** Makes a mesh be up as its project says: everything is read and checked before anything is started. */
export async function bringUp(
  project: Project,
  engine: Engine,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: OnProgress;
    /** The process that the mesh is to end with. */
    readonly tiedTo?: Holder;
    /** Wins over the environment and the file. */
    readonly retentionDays?: number;
  },
): Promise<void> {
  const { spec, stateDir } = project;
  const rules = await loadRules(spec);
  const modelKey = spec.model.kind === 'provider' ? findModelKey(spec.model, process.env) : '';
  const modelCa = await readModelCa(spec);
  const days = options.retentionDays ?? retentionDays(project, process.env);
  if (spec.database.url !== undefined) await checkDatabase(spec.database.url);
  await ensureStateDir(stateDir);
  await using _lock = await lockMesh(stateDir);
  const secrets = await ensureSecrets(stateDir, listClients(spec).map(clientIdOf));
  const site = await engine.prepareSite(listServices(spec));
  const plan = makePlan({ spec, rules, secrets, site, modelKey, modelCa, retentionDays: days });
  const before = await readMeshRecord(stateDir);
  const record = {
    mesh: spec.name,
    engine: engine.name,
    model: spec.model.label,
    project: spec.projectDir,
    ...(options.tiedTo === undefined ? {} : { tied_to: options.tiedTo }),
  };
  // Written first, so that other commands know of what an `up` leaves that is killed.
  await writeMeshRecord(stateDir, { ...record, state: 'starting' });
  try {
    await engine.up(plan, options);
  } catch (error) {
    // The engine has put back what was before.
    await (before === undefined ? removeMeshRecord(stateDir) : writeMeshRecord(stateDir, before));
    throw error;
  }
  await writeMeshRecord(stateDir, { ...record, state: 'up' });
}

import { clientIdOf } from '../core/identity.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Engine } from '../mesh/engine.ts';
import { listClients, listServices, makePlan } from '../mesh/make-plan.ts';
import { findModelKey } from '../mesh/model.ts';
import { loadRules } from '../mesh/rules.ts';
import { ensureSecrets } from '../mesh/secrets.ts';
import { writeMeshRecord } from './mesh-record.ts';
import { type Project, retentionDays } from './project.ts';

/** Makes a mesh be up as its project says: everything is read and checked before anything is started. */
export async function bringUp(
  project: Project,
  engine: Engine,
  options: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<void> {
  const { spec, stateDir } = project;
  const rules = await loadRules(spec);
  const modelKey = spec.model.kind === 'provider' ? findModelKey(spec.model, process.env) : '';
  const days = retentionDays(project, process.env);
  const secrets = await ensureSecrets(stateDir, listClients(spec).map(clientIdOf));
  const site = await engine.prepareSite(listServices(spec));
  const plan = makePlan({ spec, rules, secrets, site, modelKey, retentionDays: days });
  await engine.up(plan, options);
  await writeMeshRecord(stateDir, {
    mesh: spec.name,
    engine: engine.name,
    model: spec.model.label,
    project: spec.projectDir,
  });
}

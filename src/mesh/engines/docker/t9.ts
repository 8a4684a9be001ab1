import { mkdirSync, mkdtempSync } from 'node:fs';
import { clientIdOf } from '../../../core/identity.ts';
import { listClients, listServices, makePlan } from '../../make-plan.ts';
import { loadMeshFile } from '../../mesh-file.ts';
import { loadRules } from '../../rules.ts';
import { ensureSecrets } from '../../secrets.ts';
import { createDockerEngine } from './engine.ts';

const dir = mkdtempSync('/tmp/gmb-');
mkdirSync(dir + '/bench');
const spec = { ...(await loadMeshFile(dir + '/bench')), name: 'gm-bench-' + process.getuid!() };
const stateDir = dir + '/state';
const secrets = await ensureSecrets(stateDir, listClients(spec).map(clientIdOf));
const engine = createDockerEngine({ mesh: spec.name, stateDir });
const site = await engine.prepareSite(listServices(spec));
const plan = makePlan({ spec, rules: await loadRules(spec), secrets, site, modelKey: '', retentionDays: 30 });
for (let round = 0; round < +(process.env.ROUNDS ?? 3); round++) {
  let t = performance.now();
  const log: string[] = [];
  try {
    await engine.up(plan, {
      signal: AbortSignal.timeout(60000),
      onProgress: (p) =>
        log.push(`${Math.round(performance.now() - t)} ${p.service} ${p.state} ${p.detail ?? ''}`),
    });
  } catch (e) {
    console.log(e);
    console.log(log.join('\n'));
    break;
  }
  console.log('up', Math.round(performance.now() - t));
  if (round === 2) console.log(log.join('\n'));
  t = performance.now();
  await engine.up(plan, { signal: AbortSignal.timeout(60000), onProgress: () => {} });
  console.log('again', Math.round(performance.now() - t));
  if (round === 2) {
    const { execSync } = await import('node:child_process');
    console.log(execSync('docker stats --no-stream --format "{{.Name}} {{.MemUsage}}"').toString());
  }
  t = performance.now();
  await engine.down({ volumes: true });
  console.log('down', Math.round(performance.now() - t));
}

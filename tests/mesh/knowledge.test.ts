import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientIdOf } from '../../src/core/identity.ts';
import { draftContainer } from '../../src/mesh/engines/docker/draft.ts';
import { DOCKER_SITE } from '../../src/mesh/engines/docker/site.ts';
import { planKnowledge } from '../../src/mesh/knowledge.ts';
import { listClients, makePlan } from '../../src/mesh/make-plan.ts';
import { loadMeshFile } from '../../src/mesh/mesh-file.ts';
import type { HostFolder, ServicePlan } from '../../src/mesh/plan.ts';
import { loadRules } from '../../src/mesh/rules.ts';
import { ensureSecrets } from '../../src/mesh/secrets.ts';
import { makeFolder, writeTree } from './docker/support/tree.ts';

async function plan(text: string) {
  const folder = await makeFolder();
  await writeTree(folder, { 'mesh.yaml': text });
  const spec = await loadMeshFile(folder);
  const secrets = await ensureSecrets(folder, listClients(spec).map(clientIdOf));
  const rules = await loadRules(spec);
  const site = { ...DOCKER_SITE, folder: (source: string) => source };
  return { spec, plan: makePlan({ spec, rules, secrets, site, modelKey: '', retentionDays: 30 }) };
}

const DRAFT = { mesh: 'm', networks: [], image: 'i', uid: 1000, config: '/c', spec: 's' };

function makeService(folders: readonly HostFolder[]): ServicePlan {
  return {
    name: 'guard-finance',
    part: 'guard',
    config: { part: 'model', listen: { host: '', port: 0 }, api_key: '', admin_key: '' },
    folders,
    after: [],
    networks: [],
    volumes: [],
    tmpfs: [],
    port: undefined,
    publish: undefined,
    limits: { memoryMb: 256, cpus: 1, pids: 64 },
  };
}

test('guards get the lists of the mesh and the people of its org chart, the controller no more than names', async () => {
  const { plan: made, spec } = await plan(`
users: [{ name: ada, full_name: Zofia Brandt, nicknames: [Zosia], email: z@acme.example }]
guard:
  deny: [Bluebird]
  directory: [{ file: lists/customers.csv, columns: { PERSON: [name] } }]
  detector: { kind: presidio, url: 'http://127.0.0.1:5002' }
`);
  const configOf = (part: string) => made.services.find((service) => service.part === part)?.config;
  expect(configOf('guard')).toMatchObject({
    knowledge: {
      deny: [{ value: 'Bluebird', kind: 'SECRET' }],
      directory: [{ file: join(spec.projectDir, 'lists/customers.csv') }],
      entries: [
        { kind: 'PERSON', value: 'Zofia Brandt' },
        { kind: 'PERSON', value: 'Zosia' },
        { kind: 'EMAIL', value: 'z@acme.example' },
      ],
    },
  });
  expect(JSON.stringify(configOf('controller'))).not.toMatch(/Brandt|Zosia|z@acme/);
  expect(made.networks).toContainEqual({ name: 'egress', kind: 'egress' });
});

test('a container sees the folder of a list, and a list in the folder of the project is refused', async () => {
  const list = (file: string) => `guard: { directory: [{ file: ${file}, columns: { PERSON: [name] } }] }`;
  const { spec } = await plan(list('lists/customers.csv'));
  expect(planKnowledge(spec, DOCKER_SITE)).toMatchObject({
    knowledge: { directory: [{ file: '/run/goose-mesh/lists-0/customers.csv' }] },
    folders: [{ source: join(spec.projectDir, 'lists'), path: '/run/goose-mesh/lists-0' }],
  });
  const guard = makeService(planKnowledge(spec, DOCKER_SITE).folders);
  expect(draftContainer(guard, DRAFT).options.HostConfig?.Binds).toContain(
    `${join(spec.projectDir, 'lists')}:/run/goose-mesh/lists-0:ro,z`,
  );
  await expect(plan(list('customers.csv'))).rejects.toThrow(/must be in a folder of its own/);
  await expect(plan(list('../customers.csv'))).rejects.toThrow(/must be in a folder of its own/);
});

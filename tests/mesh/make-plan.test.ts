import { expect, test } from 'vitest';
import { clientIdOf } from '../../src/core/identity.ts';
import { listClients, listServices, makePlan } from '../../src/mesh/make-plan.ts';
import { loadMeshFile } from '../../src/mesh/mesh-file.ts';
import { loadRules } from '../../src/mesh/rules.ts';
import { ensureSecrets } from '../../src/mesh/secrets.ts';
import { makeFolder, writeTree } from './docker/support/tree.ts';

async function plan(text: string) {
  const folder = await makeFolder();
  await writeTree(folder, { 'mesh.yaml': text });
  const spec = await loadMeshFile(folder);
  const site = {
    listen: () => ({ host: '0.0.0.0', port: 8080 }),
    url: (service: string) => `http://${service}:8080`,
    dataDir: () => '/data',
    outside: (url: string) => url,
  };
  const secrets = await ensureSecrets(folder, listClients(spec).map(clientIdOf));
  const rules = await loadRules(spec);
  return { spec, plan: makePlan({ spec, rules, secrets, site, modelKey: '', retentionDays: 30 }) };
}

test('every replica has a guard, a network, a volume and an identity of its own, in one role', async () => {
  const { spec, plan: made } = await plan('agents: [{ role: finance, replicas: 2 }, { role: manager }]');
  expect(listServices(spec)).toEqual(made.services.map(({ name }) => name));
  const [first, second] = ['agent-finance', 'agent-finance-2'].map((name) =>
    made.services.find((service) => service.name === name),
  );
  expect(second?.config).toMatchObject({
    name: 'finance-2',
    role: 'finance',
    guard: { url: 'http://guard-finance-2:8080' },
    client: { client_id: 'agent:finance-2' },
  });
  expect(second?.volumes).toEqual([{ volume: 'agent-finance-2', path: '/data' }]);
  expect(second?.networks).toEqual([{ network: 'agent-finance-2', alias: 'agent' }]);
  expect(JSON.stringify(second)).not.toContain(
    first?.config.part === 'agent' ? first.config.client.client_secret : '',
  );
  expect(made.volumes).toEqual(expect.arrayContaining(['agent-finance', 'agent-finance-2']));
  expect(made.networks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['agent-finance', 'agent-finance-2']),
  );
  expect(listClients(spec)).toEqual(
    expect.arrayContaining([
      { kind: 'agent', name: 'finance-2', roles: ['finance'] },
      { kind: 'guard', name: 'finance-2', roles: [] },
    ]),
  );
});

test.each([
  ['rehearsal', '', ['model']],
  ['openai:gpt-4o', '', []],
  ['openai-compatible:http://localhost:11434/v1#llama3', '', ['localhost']],
  ['openai-compatible:http://10.0.0.7/v1#llama3', '', ['10.0.0.7']],
  ['openai-compatible:http://[fd00::7]/v1#llama3', '', ['fd00::7']],
  ['openai-compatible:http://llm.corp/v1#llama3', '', []],
  ['openai-compatible:http://llm.corp/v1#llama3', 'guard: { private_hosts: [llm.corp] }', ['llm.corp']],
])('with the model %s %s the guard may call %j beside the internet', async (model, more, hosts) => {
  const { plan: made } = await plan(
    `agents: [{ role: finance }]\nmodel: ${JSON.stringify(model)}\n${more}\n`,
  );
  const guard = made.services.find(({ name }) => name === 'guard-finance');
  expect(guard?.config).toMatchObject({ upstream: { private_hosts: hosts } });
});

test('a guard is told the role of its agent, and what the profile of that says', async () => {
  const { plan: made } = await plan('agents: [{ role: finance, name: money }]');
  const guard = made.services.find(({ name }) => name === 'guard-money');
  expect(guard?.config).toMatchObject({ role: 'finance', privacy: { mode: 'auto' }, budgeted: false });
});

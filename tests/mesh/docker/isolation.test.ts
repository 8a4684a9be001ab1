import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import type { NetworkPlan } from '../../../src/mesh/plan.ts';
import { describeWithDocker } from './support/docker.ts';
import { createTestMesh, type TestMesh } from './support/mesh.ts';
import { listOpen, runAs } from './support/probe.ts';
import { planModel } from './support/services.ts';

const networks: readonly NetworkPlan[] = [
  { name: 'agent-a', kind: 'closed' },
  { name: 'agent-b', kind: 'closed' },
  { name: 'database', kind: 'closed' },
  { name: 'front', kind: 'published' },
  { name: 'egress', kind: 'egress' },
];

const INTERNET = ['1.1.1.1:443', '8.8.8.8:53'];

/** Prints whether names can be resolved, and the addresses by which IPv6 might be a second way. */
const RESOLVE = `
  const { Resolver } = require('node:dns').promises;
  const ask = (name) => new Resolver({ timeout: 1000, tries: 1 }).resolve4(name).then(() => true, () => false);
  const interfaces = Object.values(require('node:os').networkInterfaces()).flat();
  const ipv6 = interfaces.filter(({ family, internal }) => family === 'IPv6' && !internal);
  Promise.all(['example.com', 'guard'].map(ask)).then((found) => console.log(JSON.stringify({ found, ipv6 })));`;

const on = (network: string, alias: string) => ({ network, alias });

await describeWithDocker('the networks of a mesh', (docker) => {
  /** Two agents' networks, joined by nothing but the controller, as in a real mesh. The agents are for the tests to play. */
  async function startMesh() {
    const mesh = await createTestMesh(docker);
    await mesh.up(
      [
        planModel('controller', {
          networks: ['front', 'database', 'agent-a', 'agent-b'].map((network) => on(network, 'controller')),
          publish: 0,
        }),
        planModel('guard-a', { networks: [on('agent-a', 'guard'), on('egress', 'guard-a')] }),
        planModel('guard-b', { networks: [on('agent-b', 'guard'), on('egress', 'guard-b')] }),
        planModel('database', { networks: [on('database', 'database')] }),
      ],
      networks,
    );
    return mesh;
  }

  /** Every way by which this machine can be reached, at a port where something listens. */
  async function listHostTargets(mesh: TestMesh): Promise<readonly string[]> {
    const server = createServer((socket) => socket.destroy()).listen(0, '0.0.0.0');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const gateways = await Promise.all(networks.map(async ({ name }) => gatewayOf(`${mesh.name}-${name}`)));
    const hosts = [
      ...own.filter(({ family, internal }) => family === 'IPv4' && !internal).map((one) => one.address),
      ...gateways,
    ];
    return [...new Set(hosts)].map((host) => `${host}:${port}`);
  }

  async function gatewayOf(network: string): Promise<string> {
    const { IPAM } = await docker.getNetwork(network).inspect();
    return (IPAM?.Config?.[0]?.Subnet ?? '').replace(/\.0\/\d+$/, '.1');
  }

  /** Addresses of all services of the mesh on all of their networks. */
  async function listMemberTargets({ name }: TestMesh): Promise<readonly string[]> {
    const containers = await docker.listContainers({ filters: { label: [`goose-mesh.mesh=${name}`] } });
    return containers.flatMap(({ NetworkSettings }) =>
      Object.values(NetworkSettings.Networks).map(({ IPAddress }) => `${IPAddress}:8080`),
    );
  }

  it('let an agent reach its guard and the controller, and nothing else at all, not even a name server', async () => {
    const mesh = await startMesh();
    const members = await listMemberTargets(mesh);
    const subnet = (await gatewayOf(`${mesh.name}-agent-a`)).replace(/\d+$/, '');
    const targets = [
      ...['guard:8080', 'controller:8080', 'database:8080', 'guard-b:8080'],
      ...members,
      ...(await listHostTargets(mesh)),
      ...INTERNET,
    ];

    const agent = planModel('agent-a', { networks: [on('agent-a', 'agent')] });
    const open = await runAs(docker, mesh, agent, networks, listOpen(targets));
    const names = await runAs(docker, mesh, agent, networks, RESOLVE);

    const peers = members.filter((target) => target.startsWith(subnet));
    expect(peers).toHaveLength(2);
    expect(open).toEqual(['guard:8080', 'controller:8080', ...peers]);
    expect(names).toEqual({ found: [false, true], ipv6: [] });
  });

  it('let a guard out', async () => {
    const mesh = await startMesh();
    const gateway = await gatewayOf(`${mesh.name}-egress`);
    const targets = await listHostTargets(mesh);
    const byName = targets[0]?.replace(/.*:/, 'host.docker.internal:') ?? '';

    const open = await runAs(
      docker,
      mesh,
      planModel('guard', { networks: [on('agent-a', 'g'), on('egress', 'g')] }),
      networks,
      listOpen([...targets, byName]),
    );

    // What is closed to agents is open here, so it was really there; the internet may not be.
    const expected = targets.find((target) => target.startsWith(`${gateway}:`));
    expect(open).toEqual(expect.arrayContaining([expected, byName]));
  });

  it('let a published service be reached from this machine, but not out', async () => {
    const mesh = await startMesh();

    const open = await runAs(
      docker,
      mesh,
      planModel('other', { networks: [on('front', 'other')] }),
      networks,
      listOpen(['controller:8080', ...INTERNET]),
    );

    expect(open).toEqual(['controller:8080']);
    expect(await fetch((await mesh.engine.address('controller')) ?? '')).toBeInstanceOf(Response);
  });
});

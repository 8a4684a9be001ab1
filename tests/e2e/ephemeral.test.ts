import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ServiceStatus } from '../../src/mesh/engine.ts';
import { findInFiles } from '../support/find-in-files.ts';
import { findData } from './support/agent-data.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';
import { dockerKill, ENGINES, findInContainer } from './support/engines.ts';

const MARKER = `marker-${randomUUID()}`;

/** Legal needs an approval, and so waits in the middle of what it does. */
const SCENARIO = `
name: ephemeral
title: Legal is told something
roles: [legal]
start: { target: legal, type: request, amount: 20000, description: 'Look into ${MARKER}.' }
steps: [{ name: It is done, within_seconds: 60, expect: [{ event: session.completed }] }]
rehearsal:
  legal:
    - call: { tool: request_approval, with: { reason: Please. } }
    - { when: { after: request_approval }, say: I wait. }
    - { when: { told: approved by }, take: { it: '(marker-[0-9a-f-]+)' }, say: 'Done with {{ it }}.' }
`;

test.each(ENGINES)(
  'on %s nothing is left with the agent of Legal after the end, however it was killed before',
  async (engine) => {
    await using workspace = await openWorkspace({
      'mesh.yaml': 'agents: [{ role: legal }]\nusers: [{ name: bob, roles: [manager] }]',
      'ephemeral.yaml': SCENARIO,
    });
    const up = await workspace.run(['up', '--engine', engine]);
    expect(up.code, up.stderr).toBe(0);
    const run = workspace.start(['test', 'scenario', 'ephemeral.yaml', '--plain']);
    const waits = Promise.withResolvers<undefined>();
    let output = '';
    run.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('legal waits')) waits.resolve(undefined);
    });
    await Promise.race([waits.promise, run]);
    const search = await aimAt(workspace, engine);
    expect(await search.find()).not.toEqual([]);
    await search.kill();

    const { items } = await workspace.json<{ items: { id: string }[] }>('approval', 'list');
    const approve = ['--as', 'bob', 'approval', 'approve', items[0]?.id ?? '', '--comment', 'Yes.'];
    expect((await workspace.run(approve)).code).toBe(0);
    await run;
    expect(output).toContain('PASSED ephemeral');
    const after = await aimAt(workspace, engine);
    await vi.waitUntil(async () => (await after.find()).length === 0, { timeout: 30_000, interval: 500 });
    const tasks = await workspace.json<{ items: unknown[] }>('task', 'list', '--target', 'legal');
    expect(tasks.items).toMatchObject([{ description: '', result: { text: `Done with ${MARKER}.` } }]);
  },
);

/** Looks through all that the agent has: in Docker the whole container with its volume and what it keeps in memory. */
async function aimAt(workspace: Workspace, engine: 'docker' | 'process') {
  const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
  const id = services.find(({ service }) => service === 'agent-legal')?.id ?? '';
  if (engine === 'docker') return { find: () => findInContainer(id, MARKER), kill: () => dockerKill(id) };
  const data = await findData(workspace, 'agent-legal');
  return {
    async find() {
      const places = [data, await realpath(join(data, 'state'))];
      return (await Promise.all(places.map((place) => findInFiles(place, MARKER)))).flat();
    },
    kill: () => Promise.resolve(void process.kill(Number(id), 'SIGKILL')),
  };
}

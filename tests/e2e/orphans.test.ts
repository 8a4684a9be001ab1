import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceStatus } from '../../src/mesh/engine.ts';
import { createSleeper, type Sleeper } from '../support/sleeper.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';
import { dockerKill, ENGINES, listGooseIn } from './support/engines.ts';
import { listGooseOf } from './support/processes.ts';

const PROFILE = `
role: legal
version: 1
display_name: Legal
description: Waits
goose: { extensions: [developer] }
`;

/** A scenario whose tool runs for as long as nobody ends it. */
const scenarioOf = ({ command }: Sleeper) => `
name: sleep
title: A shell tool that does not end
roles: [legal]
start: { target: legal, type: request, description: Wait. }
steps: [{ name: It is done, within_seconds: 60, expect: [{ event: task.completed }] }]
rehearsal:
  legal:
    - call: { tool: developer__shell, with: { command: "${command}" } }
`;

describe.each(ENGINES)('on %s, a tool that runs', (engine) => {
  const sleepers = { Goose: createSleeper(), 'its agent': createSleeper() };
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace({
      'mesh.yaml': 'agents: [{ role: legal }]',
      'profiles/legal.yaml': PROFILE,
      'Goose.yaml': scenarioOf(sleepers.Goose),
      'its agent.yaml': scenarioOf(sleepers['its agent']),
    });
    const { code, stderr } = await workspace.run(['up', '--engine', engine]);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test.each(['Goose', 'its agent'] as const)('ends with %s, and runs again alone', async (victim) => {
    const sleeper = sleepers[victim];
    const run = workspace.start(['test', 'scenario', `${victim}.yaml`, '--plain']);
    const before = await sleeper.waitFor(1);
    await kill(victim);
    await sleeper.waitFor(1, before);
    run.kill('SIGINT');
    await run;
  });

  test('ends with the mesh', async () => {
    expect((await workspace.run(['down'])).code).toBe(0);
    await Promise.all(Object.values(sleepers).map((sleeper) => sleeper.waitFor(0)));
  });

  async function kill(victim: string): Promise<void> {
    const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
    const id = services.find(({ service }) => service === 'agent-legal')?.id ?? '';
    if (victim === 'Goose') {
      const pids = engine === 'docker' ? await listGooseIn(id) : await listGooseOf('data/agent-legal');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    } else if (engine === 'docker') await dockerKill(id);
    else process.kill(Number(id), 'SIGKILL');
  }
});

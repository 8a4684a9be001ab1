import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { ServiceStatus } from '../../src/mesh/engine.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';
import { dockerKill, ENGINES, listGooseIn } from './support/engines.ts';
import { listGooseOf } from './support/processes.ts';

/** Long enough that a kill comes in the middle of a turn. */
const PAUSE_MS = 400;

describe.each(ENGINES)('on %s, the scenario still passes when', (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace({ 'slow.yaml': await slowScenario() });
    const { code, stderr } = await workspace.run(['up', '--engine', engine]);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test.each([
    { victim: 'agent-manager', moment: 'manager takes the approval-review' },
    { victim: 'goose of agent-manager', moment: 'manager takes the approval-review' },
    { victim: 'goose of agent-finance', moment: 'finance asks for approval' },
    { victim: 'controller', moment: 'finance asks for approval' },
    { victim: 'agent-finance', moment: 'finance asks for approval' },
    { victim: 'guard-finance', moment: 'finance goes on' },
    { victim: 'database', moment: 'manager takes the approval-review' },
  ])('$victim is killed as soon as "$moment"', async ({ victim, moment }) => {
    const kill = await aim(victim);
    const run = workspace.start(['test', 'scenario', 'slow.yaml', '--plain']);
    let output = '';
    let killed: Promise<void> | undefined;
    run.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(moment)) killed ??= kill();
    });
    const { exitCode } = await run;
    await killed;
    expect(killed, 'the moment of the kill came').toBeDefined();
    expect(output).toContain('PASSED expense-approval');
    expect(exitCode).toBe(0);
  });

  /** Finds the victim beforehand, so that the kill itself takes no time. */
  async function aim(victim: string): Promise<() => Promise<void>> {
    const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
    const service = services.find((candidate) => candidate.service === victim.replace('goose of ', ''));
    const id = service?.id ?? '';
    if (!victim.startsWith('goose of ')) {
      return engine === 'docker'
        ? () => dockerKill(id)
        : () => Promise.resolve(void process.kill(Number(id), 'SIGKILL'));
    }
    const agent = service?.service ?? '';
    return async () => {
      const pids = engine === 'docker' ? await listGooseIn(id) : await listGooseOf(`data/${agent}`);
      expect(pids.length).toBeGreaterThan(0);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    };
  }
});

async function slowScenario(): Promise<string> {
  const text = await readFile(new URL('../../scenarios/expense-approval.yaml', import.meta.url), 'utf8');
  const scenario = parse(text) as { rehearsal: Record<string, { pause_ms?: number }[]> };
  for (const line of Object.values(scenario.rehearsal).flat()) line.pause_ms = PAUSE_MS;
  return stringify(scenario);
}

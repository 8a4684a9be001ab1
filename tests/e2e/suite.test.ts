import { expect, test } from 'vitest';
import type { Page } from '../../src/core/page.ts';
import type { Session } from '../../src/core/session.ts';
import type { SuiteRun } from '../../src/core/suite.ts';
import type { ServiceStatus } from '../../src/mesh/engine.ts';
import { openWorkspace } from './support/cli.ts';
import { ENGINES, listDockerThings } from './support/engines.ts';
import { listProcessesOf } from './support/processes.ts';

/** A whole mesh comes up and goes, and its controller twice in between. */
const PATIENCE_MS = 180_000;

interface Report {
  readonly passed: boolean;
  readonly runs: readonly SuiteRun[];
}

test.each(ENGINES)(
  'lifecycle passes on a mesh of its own on %s and leaves nothing behind',
  async (engine) => {
    await using workspace = await openWorkspace({ 'mesh.yaml': 'agents: [{ role: legal }]\n' });
    const { passed, runs } = await workspace.json<Report>('test', 'suite', 'lifecycle', '--engine', engine);
    const [run] = runs;
    const checks = run?.checks ?? [];
    expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(new Set(checks.map((check) => check.case)).size).toBe(8);
    expect(checks.length).toBeGreaterThanOrEqual(17);
    expect(passed).toBe(true);
    expect(await listDockerThings(run?.mesh ?? '?')).toEqual([]);
    expect(await listProcessesOf(workspace.dir)).toEqual([]);
  },
  PATIENCE_MS,
);

test.each(ENGINES)(
  'on a mesh that is up on %s, lifecycle changes only what is its own',
  async (engine) => {
    await using workspace = await openWorkspace({ 'mesh.yaml': 'agents: [{ role: legal }]\n' });
    const up = await workspace.run(['up', '--engine', engine]);
    expect(up.code, up.stderr).toBe(0);
    const before = await workspace.json<Session>('session', 'create', '--role', 'legal');

    const { runs } = await workspace.json<Report>('test', 'suite', 'lifecycle');
    const checks = runs[0]?.checks ?? [];
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
    const skipped = checks.filter(({ status }) => status === 'skipped');
    expect(new Set(skipped.map((check) => check.case))).toEqual(new Set(['time-out → expired']));
    expect(skipped[0]?.reason).toContain("is not the suite's to change");
    expect(checks.length - skipped.length).toBeGreaterThanOrEqual(17);

    expect((await workspace.json<Page<Session>>('session', 'list')).items).toEqual([before]);
    const { services } = await workspace.json<{ services: ServiceStatus[] }>('status');
    expect(new Set(services.map(({ state }) => state))).toEqual(new Set(['running']));

    const { code, stdout } = await workspace.run(['test', 'suite', 'lifecycle']);
    expect(stdout).toMatch(/^ {2}pause → paused\n {2}ok {3}It is paused, with the time of the pause/m);
    expect(stdout).toMatch(/PASSED lifecycle in .*: \d+ of \d+ checks, 4 skipped/);
    expect(code).toBe(0);
  },
  PATIENCE_MS,
);

test('without a name the suites are listed, and a misspelt one is told what was meant', async () => {
  await using workspace = await openWorkspace();
  const [suite] = await workspace.json<{ name: string; cases: { name: string }[] }[]>('test', 'suite');
  expect(suite?.name).toBe('lifecycle');
  expect(suite?.cases).toHaveLength(8);
  const { code, stderr } = await workspace.run(['test', 'suite', 'lifecicle']);
  expect(stderr).toContain('There is no suite "lifecicle"');
  expect(stderr).toContain('Did you mean lifecycle?');
  expect(code).toBe(2);
});

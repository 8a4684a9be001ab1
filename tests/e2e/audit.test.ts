import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LogVerdict } from '../../src/client/verify-log.ts';
import type { Session } from '../../src/core/session.ts';
import { openWorkspace, type Workspace } from './support/cli.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace({ 'mesh.yaml': 'agents: [{ role: legal }]\nusers: [{ name: alice }]\n' });
  const { code, stderr } = await workspace.run(['up', '--engine', 'process']);
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => workspace[Symbol.asyncDispose]());

test('the log of a mesh verifies, is exported, and is held to what was known of it', async () => {
  const { id } = await workspace.json<Session>('--as', 'alice', 'session', 'create', '--role', 'legal');
  const verdict = await vi.waitUntil(
    async () => {
      const found = await workspace.json<LogVerdict>('audit', 'verify');
      return found.events > 0 && found.unsealed === 0 ? found : undefined;
    },
    { timeout: 30_000 },
  );
  expect(verdict.ok).toBe(true);

  const known = join(workspace.dir, 'last.json');
  await writeFile(known, JSON.stringify(verdict));
  const shown = await workspace.run(['audit', 'verify', '--from-seal', known]);
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toContain(verdict.last_seal?.hash);

  const other = await workspace.run(['audit', 'verify', '--expect', 'f'.repeat(64)]);
  expect(other).toMatchObject({ code: 1 });
  expect(other.stderr).toContain('the chain was written anew');

  const exported = await workspace.run([
    'audit',
    'export',
    '--subject',
    `session:${id}`,
    '--kind',
    'session',
  ]);
  const lines = exported.stdout.split('\n').map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([{ kind: 'session.created', actor: 'user:alice' }]);
});

test.each([
  [['verify', '--expect', 'abc'], 'Expected the hash of a seal'],
  [['verify', '--from-seal', 'mesh.yaml'], 'Expected what `audit verify --json` printed'],
  [['export', '--since', 'yesterday'], 'Expected a day or a time'],
  [['export', '--kind', 'tasks'], 'There is no event kind'],
])('audit %j says what is wrong with it', async (args, text) => {
  const { code, stderr } = await workspace.run(['audit', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});

test('people may not read the whole log', async () => {
  const { code, stderr } = await workspace.run(['--as', 'alice', 'audit', 'verify']);
  expect(code).toBe(2);
  expect(stderr).toContain('audit:read');
});

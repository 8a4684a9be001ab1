import { expect, test } from 'vitest';
import type { Finding } from '../../src/cli/diagnose.ts';
import { openWorkspace } from './support/cli.ts';

test('doctor finds all that these tests run on', async () => {
  await using workspace = await openWorkspace();
  const findings = await workspace.json<readonly Finding[]>('doctor');
  const states = Object.fromEntries(findings.map(({ name, state }) => [name, state]));
  expect(states).toMatchObject({
    Node: 'ok',
    Goose: 'ok',
    'Bundled PostgreSQL': 'ok',
    'State directory': 'ok',
  });
});

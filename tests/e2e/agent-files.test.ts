import { expect, test } from 'vitest';
import { readKept } from './support/agent-data.ts';
import { openWorkspace } from './support/cli.ts';
import { ENGINES } from './support/engines.ts';

const SSN = '536-22-8724';

const PROFILE = `
role: legal
version: 1
display_name: Legal
description: Looks things up
goose: { extensions: [developer] }
`;

/** A prompt, a tool's output that is too long for a prompt, and a file that a tool writes. */
const SCENARIO = `
name: files
title: Tells an agent something personal in every way
roles: [legal]
start: { target: legal, type: request, description: 'Look up ${SSN}.' }
steps: [{ name: It is done, within_seconds: 30, expect: [{ event: session.completed }] }]
rehearsal:
  legal:
    - when: { told: [Look up] }
      call:
        tool: developer__shell
        with: { command: 'i=0; while [ $i -lt 9999 ]; do echo "line $i: ${SSN}"; i=$((i+1)); done; echo ${SSN} > notes' }
    - when: { after: [shell] }
      say: I have looked it up.
`;

test.each(ENGINES)('on %s an agent keeps what it was told in its conversations alone', async (engine) => {
  await using workspace = await openWorkspace({
    'mesh.yaml': 'agents: [{ role: legal }]',
    'profiles/legal.yaml': PROFILE,
    'files.yaml': SCENARIO,
  });
  const up = await workspace.run(['up', '--engine', engine]);
  expect(up.code, up.stderr).toBe(0);
  const run = await workspace.run(['test', 'scenario', 'files.yaml']);
  expect(run.code, run.stdout).toBe(0);

  const kept = await readKept(workspace, 'agent-legal');
  const telling = kept.filter(({ content }) => content.includes(SSN)).map(({ path }) => path);
  expect(telling).not.toEqual([]);
  expect(telling.filter((path) => !path.startsWith('data/sessions/'))).toEqual([]);
  expect(kept.filter(({ mode }) => (mode & 0o077) !== 0)).toEqual([]);
});

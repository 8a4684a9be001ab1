import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from './support/cli.ts';

test.each([
  ['an unknown command', ['tset'], {}, 'Did you mean test?'],
  ['an unknown scenario', ['test', 'scenario', 'expense-aproval'], {}, 'Did you mean expense-approval?'],
  [
    'an unknown key in mesh.yaml',
    ['up'],
    { 'mesh.yaml': 'agnts: []\n' },
    'mesh.yaml:1:1: the file does not take "agnts" (did you mean "agents"?)',
  ],
  ['broken YAML', ['up'], { 'mesh.yaml': 'agents:\n  - role: [\n' }, 'mesh.yaml:3:1:'],
  [
    'a role without a profile',
    ['up'],
    { 'mesh.yaml': 'agents: [{ role: astronaut }]\n' },
    'There is no profile for the role astronaut',
  ],
  ['a wrong model', ['up', '--model', 'gpt-4o'], {}, 'expected rehearsal, openai:MODEL'],
  ['a model without its key', ['up', '--model', 'openai:gpt-4o'], {}, 'needs a key in OPENAI_API_KEY'],
  ['a mesh file that is not there', ['up', '--file', 'mash.yaml'], {}, 'mash.yaml'],
  ['a folder that is not there', ['-C', 'nowhere', 'status'], {}, 'There is no folder'],
  [
    'a person with a role that does not exist',
    ['up'],
    { 'mesh.yaml': 'users: [{ name: alice, roles: [manger] }]\n' },
    'there is no role "manger" (did you mean "manager"?)',
  ],
  [
    'an approval policy that can never be satisfied',
    ['approval', 'explain', '--files'],
    {
      'policies/money.yaml':
        'version: 1\ncurrency: USD\nrules:\n  - id: money\n    approvers: [{ role: manager, who: human }]\n',
    },
    'money.yaml:5:25: rules.0.approvers.0.role: rule money: no person has the role manager, so none can decide',
  ],
  [
    'an alias that stands for nothing',
    ['up'],
    { 'mesh.yaml': 'agents: *x\n' },
    'mesh.yaml:1:9: *x stands for',
  ],
  [
    'a database that is no URL',
    ['migrate', 'status', '--database-url', 'postgres://[secret'],
    {},
    '--database-url: expected a URL such as postgres://',
  ],
  [
    'a command that lacks another',
    ['session'],
    {},
    'Expected a command after `goose-mesh session`: create, list',
  ],
  ['an engine that does not exist', ['up', '--engine', 'podman'], {}, '--engine must be one of'],
  [
    'a mistake in a scenario',
    ['test', 'scenario', 'x.yaml'],
    { 'x.yaml': 'name: x\nsteps: []\n' },
    'x.yaml:2:8: steps:',
  ],
] as const)('%s exits with 2 and says what to do', async (_what, args, files, message) => {
  await using workspace = await openWorkspace(files);
  const { code, stderr } = await workspace.run(args, { OPENAI_API_KEY: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
  expect(stderr).not.toContain('secret');
  expect(code).toBe(2);
});

test.each([
  ['no mesh is up', ['status'], {}, 'is not up'],
  [
    'no Docker engine answers',
    ['up', '--engine', 'docker'],
    { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    '/nowhere/docker.sock',
  ],
  [
    'the database cannot be reached',
    ['migrate', 'status', '--database-url', 'postgres://a:b@127.0.0.1:1/c'],
    {},
    'postgres://a@127.0.0.1:1/c: The database does not answer',
  ],
] as const)('%s: exits with 3 and says what to do', async (_what, args, env, message) => {
  await using workspace = await openWorkspace();
  const { code, stderr } = await workspace.run(args, env);
  expect(stderr).toContain(message);
  expect(code).toBe(3);
});

test('a port in use is named, and nothing is left running', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const port = await new Promise<number>((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await using workspace = await openWorkspace({ 'mesh.yaml': `controller: { port: ${port} }\n` });
  const { code, stderr } = await workspace.run(['up', '--engine', 'process']);
  expect(stderr).toContain(String(port));
  expect(code).toBe(3);
  expect((await workspace.run(['status'])).stderr).toContain('is not up');
  server.close();
});

test('a database of mesh.yaml that cannot be reached is named before anything is started', async () => {
  await using workspace = await openWorkspace({
    'mesh.yaml': 'database: { url: "postgres://mesh:secret@127.0.0.1:1/db" }\n',
  });
  const { code, stdout, stderr } = await workspace.run(['up', '--engine', 'process']);
  expect(stderr).toContain('postgres://mesh@127.0.0.1:1/db: The database does not answer');
  expect(stderr).not.toContain('secret');
  expect(stdout).not.toContain('starting');
  expect(code).toBe(3);
});

test.each(['mesh.json', 'secrets.json'])('a damaged %s is named, with what to do about it', async (file) => {
  await using workspace = await openWorkspace({ 'mesh.yaml': 'name: damaged\n' });
  const stateDir = join(workspace.dir, 'state/meshes/damaged');
  await mkdir(stateDir, { recursive: true });
  await writeFile(join(stateDir, file), '{ "mask_key": "secr');
  const { code, stderr } = await workspace.run(['status']);
  expect(stderr).toMatch(new RegExp(`^goose-mesh: ${stateDir}/${file} is damaged.*\\n {2}Try: Remove it`));
  expect(code).toBe(2);
  await rm(join(stateDir, file));
});

test('the bare name shows what there is, and is a mistake all the same', async () => {
  await using workspace = await openWorkspace();
  const { code, stdout, stderr } = await workspace.run([]);
  expect(stdout).toMatch(/^Usage: goose-mesh /);
  expect(stderr).toBe('');
  expect(code).toBe(2);
});

test('with --json an error is one problem object on standard error', async () => {
  await using workspace = await openWorkspace();
  const { stderr, stdout } = await workspace.run(['status', '--json']);
  expect(JSON.parse(stderr)).toMatchObject({
    type: 'urn:goose-mesh:problem:environment',
    code: 'environment',
  });
  expect(stdout).toBe('');
  const usage = await workspace.run(['session', '--json']);
  expect(JSON.parse(usage.stderr)).toMatchObject({ code: 'usage' });
});

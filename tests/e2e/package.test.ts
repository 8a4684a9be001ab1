import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a user has after `npm install goose-mesh` in an empty folder. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gm-package-'));
  await chmod(folder, 0o755);
  const packed = await execa(
    'npm',
    ['pack', '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'],
    { cwd: ROOT },
  );
  const [tarball = ''] = packed.stdout.split('\n').slice(-1);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await execa(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, tarball)],
    { cwd: folder },
  );
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], options: { uid?: number; state: string }) {
  return execa(
    process.execPath,
    [join(folder, 'node_modules', 'goose-mesh', 'bin', 'goose-mesh.js'), ...args],
    {
      cwd: folder,
      env: { GOOSE_MESH_STATE: options.state, HOME: dirname(options.state), CI: 'true' },
      reject: false,
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    },
  );
}

test('the tarball holds what runs and nothing else', async () => {
  const files = await readdir(join(folder, 'node_modules', 'goose-mesh'));
  expect(files.sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin',
      'dist',
      'docker',
      'docs',
      'migrations',
      'package.json',
      'policies',
      'prices.yaml',
      'profiles',
      'scenarios',
    ].sort(),
  );
});

test('an installed package passes the main job', async () => {
  const { exitCode, stdout, stderr } = await run(
    ['test', 'scenario', 'expense-approval', '--engine', 'process'],
    { state: join(folder, 'state') },
  );
  expect(stderr).toBe('');
  expect(stdout).toContain('PASSED expense-approval');
  expect(exitCode).toBe(0);
});

test.runIf(process.getuid?.() === 0)('so it does for a user who is not root', async () => {
  const uid = 65_534;
  const home = join(folder, 'home');
  await mkdir(home);
  await chown(home, uid, uid);
  const { exitCode, stdout, stderr } = await run(
    ['test', 'scenario', 'expense-approval', '--engine', 'process'],
    { uid, state: join(home, 'state') },
  );
  expect(stderr).toBe('');
  expect(stdout).toContain('PASSED expense-approval');
  expect(exitCode).toBe(0);
});

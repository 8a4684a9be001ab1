import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const BIN = fileURLToPath(new URL('../../../bin/goose-mesh.js', import.meta.url));

export interface CommandResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for one mesh with a state directory of its own, and the program run in it as a user would. */
export async function openWorkspace(files: Readonly<Record<string, string>> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'gm-e2e-'));
  // PostgreSQL runs as another user when the tests run as root, and must pass.
  await chmod(dir, 0o711);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const env = { GOOSE_MESH_STATE: join(dir, 'state'), CI: 'true' };

  function start(args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
    return execa(process.execPath, [BIN, ...args], { cwd: dir, env: { ...env, ...extra }, reject: false });
  }

  async function run(
    args: readonly string[],
    extra: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const { exitCode: code, stdout, stderr } = await start(args, extra);
    return { code, stdout, stderr };
  }

  return {
    dir,
    start,
    run,
    /** Runs a command that must succeed, and parses its JSON. */
    async json<T>(...args: readonly string[]): Promise<T> {
      const { code, stdout, stderr } = await run([...args, '--json']);
      if (code !== 0)
        throw new Error(`goose-mesh ${args.join(' ')} exited with ${code ?? '?'}: ${stderr}${stdout}`);
      return JSON.parse(stdout) as T;
    },
    async [Symbol.asyncDispose]() {
      await run(['down', '--volumes']);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>;

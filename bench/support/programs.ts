import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** Starts a program of `bench/programs`. Gives its URL when it listens. */
export async function startProgram(name: string, ...args: readonly string[]) {
  const path = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
  const child = execa(process.execPath, [path, ...args], { reject: false, stderr: 'inherit' });
  const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${String(first.value)}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child;
    },
  };
}

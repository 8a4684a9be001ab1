import { readFile, rename, writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { codeOf, MeshError, messageOf } from '../core/errors.ts';

/**
 * Reads a JSON file of the state directory; undefined if there is none. What is in it is never quoted: it may be
 * secret.
 *
 * @throws MeshError configuration: it is damaged; environment: it cannot be read
 */
export async function readStateFile<T>(
  path: string,
  schema: z.ZodType<T>,
  { hint }: { readonly hint: string },
): Promise<T | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new MeshError('configuration', `${path} is damaged, or of another version of goose-mesh.`, { hint });
}

/** Written beside and renamed, so that an interruption leaves the old file or the new one. */
export async function writeStateFile(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new MeshError('environment', `Cannot read ${path}: ${messageOf(error)}.`, {
      hint: 'Is it of another user? GOOSE_MESH_STATE names another folder.',
      cause: error,
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

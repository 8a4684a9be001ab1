import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { MeshError, messageOf } from '../core/errors.ts';

/**
 * The text of a file, or of standard input for `-`.
 *
 * @throws MeshError usage: it cannot be read, or is not UTF-8
 */
export async function readText(file: string): Promise<string> {
  const bytes = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch((error: unknown) => {
    throw new MeshError('usage', `Cannot read ${file}: ${messageOf(error)}.`, { cause: error });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MeshError('usage', `Expected a text in UTF-8, but ${file} is none.`);
  }
}

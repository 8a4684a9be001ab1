import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MeshError, messageOf } from '../core/errors.ts';
import { SealPin } from '../core/seal.ts';

const Verdict = z.object({ last_seal: SealPin });

/** The last seal of an earlier `audit verify --json`. */
export async function readSealPin(path: string): Promise<SealPin> {
  try {
    return Verdict.parse(JSON.parse(await readFile(path, 'utf8'))).last_seal;
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'it has no last_seal' : messageOf(error);
    throw new MeshError('usage', `Expected what \`audit verify --json\` printed in ${path}: ${reason}.`, {
      cause: error,
    });
  }
}

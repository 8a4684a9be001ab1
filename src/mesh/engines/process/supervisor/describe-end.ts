import { isErrorCode, MeshError } from '../../../../core/errors.ts';
import { readPartLine } from './part-line.ts';
import type { PartEnd } from './part-process.ts';

/** Says why a part is not coming up: by the error that it gave up with, or by its last lines if it named none. */
export function describeEnd(service: string, { how, lastLines }: PartEnd): MeshError {
  const lines = lastLines.map(readPartLine);
  const reason = lines.findLast(({ error }) => error !== undefined)?.error;
  const told = reason?.message ?? lines.map(({ message }) => `\n  ${message}`).join('');
  const code = isErrorCode(reason?.code) ? reason.code : 'environment';
  return new MeshError(code, `${service} does not start, it ended with ${how}: ${told}`, {
    hint: `Its log says more: goose-mesh logs ${service}`,
  });
}

import { MeshError } from '../../core/errors.ts';

/** What is not there, or not there for the caller: the answer must not tell which. */
export function notFound(noun: string, id: string): MeshError {
  return new MeshError('not_found', `There is no ${noun} ${id}.`);
}

import { MeshError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonObject } from './shape.ts';

/** Checks of a request's form. A failed one names the JSON path and what was expected there, never what was found. */

/** Longer paths are refused: content may hold content, and a walk must end before the stack does. */
const PATH_MAX = 4000;

export function expectObject(value: unknown, path: string): JsonObject {
  if (path.length > PATH_MAX) throw unreadable('The body', 'it is nested too deep');
  if (!isJsonObject(value)) throw malformed(path, 'an object');
  return value;
}

export function expectArray(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(path, 'an array');
  return value;
}

export function expectString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw malformed(path, 'a string');
  return value;
}

export function malformed(path: string, expected: string): MeshError {
  return new MeshError('invalid_request', `${path} must be ${expected}.`, { details: { path } });
}

/** Well formed, but beyond what the guard can read. */
export function unreadable(path: string, reason: string): MeshError {
  return new MeshError('unprocessable', `${path} was refused: ${reason}.`, { details: { path } });
}

/** Names the field only by a plain word: any other name may be a text. */
export function unknownField(name: string, path: string): MeshError {
  if (!/^[a-z_]{1,64}$/i.test(name)) {
    return unreadable(path === '' ? 'The body' : path, 'the guard does not know one of its fields');
  }
  return unreadable(path === '' ? name : `${path}.${name}`, 'the guard does not know this field');
}

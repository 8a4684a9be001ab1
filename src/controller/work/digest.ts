import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../core/json.ts';
import type { Deps } from '../deps.ts';

/**
 * By what a request is known again when it is repeated. It outlives what was asked and has not gone through the data rules,
 * so it takes the mesh's key to find a short text, such as an identity number, by trying all of them.
 */
export function digestOf({ keys }: Pick<Deps, 'keys'>, request: Parameters<typeof canonicalJson>[0]): string {
  return createHmac('sha256', keys.digestKey).update(canonicalJson(request)).digest('hex');
}

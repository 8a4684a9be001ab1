import { MeshError } from '../../core/errors.ts';
import { EVENT_KINDS } from '../../core/event.ts';

/** A filter that can never match is a mistake, not an empty stream. */
export function requireKnownKinds(filter: string | undefined): void {
  const nouns = EVENT_KINDS.map((kind) => kind.slice(0, kind.indexOf('.')));
  const known = new Set<string>([...EVENT_KINDS, ...nouns]);
  const unknown = (filter ?? '').split(',').find((kind) => filter !== undefined && !known.has(kind));
  if (unknown === undefined) return;
  throw new MeshError('invalid_request', `There is no event kind ${JSON.stringify(unknown)}.`, {
    hint: `Known are ${[...new Set(nouns)].join(', ')} and kinds such as task.routed.`,
  });
}

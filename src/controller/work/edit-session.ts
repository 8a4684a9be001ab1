import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { canonicalJson, type JsonObject } from '../../core/json.ts';
import { mergePatch } from '../../core/merge-patch.ts';
import type { Session, SessionPatch } from '../../core/session.ts';
import { setMetadata } from '../../store/sessions/change.ts';
import { lockSession } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';
import { hideJsonForLog } from './data-rules.ts';
import { notFound } from './not-found.ts';
import { requireMatch } from './revision.ts';
import { drawVeil, originOf, type Veil } from './veil.ts';

export interface EditSession {
  readonly by: Principal;
  readonly id: string;
  readonly patch: SessionPatch;
  /** Entity tags that the caller has read; undefined: any. */
  readonly ifMatch: readonly string[] | undefined;
}

/**
 * Merges a patch into the metadata of a session, whose state it never touches. One that changes nothing leaves no
 * event.
 *
 * @throws MeshError not_found, conflict (it is not as the caller has read it, or its content was erased), too_large
 */
export function editSession(deps: Deps, { by, id, patch, ifMatch }: EditSession): Promise<Session> {
  return deps.db.transaction(async (tx) => {
    const session = await lockSession(tx, id);
    if (session === undefined) throw notFound('session', id);
    requireMatch(session, ifMatch);
    requireKept(session);
    const veil = await drawVeil(deps, tx, [session.role], originOf(session));
    const metadata = applyPatch(session.metadata, patch, veil);
    if (canonicalJson(metadata) === canonicalJson(session.metadata)) return session;
    requireSmall(metadata);
    return setMetadata(tx, { id, metadata, actor: by.actor });
  });
}

/** Whoever erased it believes that nothing is left. */
function requireKept({ id, role, erased_at }: Session): void {
  if (erased_at === null) return;
  throw new MeshError(
    'conflict',
    `The content of session ${id} was erased at ${erased_at}, as the profile of ${role} says, and nothing is kept with it any more.`,
  );
}

function applyPatch(metadata: JsonObject, { metadata: patch }: SessionPatch, veil: Veil): JsonObject {
  if (patch === undefined) return metadata;
  return patch === null ? {} : mergePatch(metadata, veil.hideJson(hideJsonForLog(patch)));
}

/** It goes with its session wherever that is shown: in lists, to agents. */
const MAX_METADATA_BYTES = 64 * 1024;

/** @throws MeshError too_large */
export function requireSmall(metadata: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes <= MAX_METADATA_BYTES) return;
  throw new MeshError(
    'too_large',
    `Expected metadata of at most ${MAX_METADATA_BYTES} bytes in all, found ${bytes}.`,
    { hint: 'Refer to large content instead of keeping it here.' },
  );
}

import type { Attachment } from '../../core/attachment.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Session } from '../../core/session.ts';
import { type Facts, gatherFacts } from '../../detect/privileged/facts.ts';
import type { Queryable } from '../../store/database.ts';
import { listPrivilegedTexts, type PrivilegedText } from '../../store/tasks/privileged.ts';
import type { Deps } from '../deps.ts';
import { hideFromRoles, hideJsonFromRoles, rolesOfActor } from './data-rules.ts';

/** What lies between a text and the roles that will read it, once they do. */
export interface Veil {
  hide(text: string): string;
  hideJson(value: JsonObject): JsonObject;
  /** True for a text that would not come through as it is. */
  hides(text: string): boolean;
}

/** The task from whose work a text comes. */
export interface Origin {
  readonly id: string;
  readonly privileged: boolean;
}

/** The task of a session. */
export function originOf(session: Session | undefined): Origin | undefined {
  if (session?.task_id == null) return undefined;
  return { id: session.task_id, privileged: session.privileged };
}

/**
 * Hides from roles what they may not see: the kinds of personal data that their profiles name and, in what comes from
 * privileged work, from roles that are not cleared, the facts of that work. It goes before storing: there is no copy
 * that could leak later. Reads the database only for roles that are not cleared.
 */
export async function drawVeil(
  deps: Deps,
  db: Queryable,
  roles: readonly string[],
  origin: Origin | undefined,
): Promise<Veil> {
  const facts = await findFacts(deps, db, roles, origin);
  const hide = (text: string) => hideFromRoles(deps, roles, text, facts);
  return {
    hide,
    hideJson: (value) => hideJsonFromRoles(deps, roles, value, facts),
    hides: (text) => hide(text) !== text,
  };
}

/** What attachments say by themselves; what they refer to is not ours to read. */
export function hideInAttachments(veil: Veil, attachments: readonly Attachment[]): Attachment[] {
  return attachments.map((attachment) => {
    return { ...attachment, name: veil.hide(attachment.name), uri: veil.hide(attachment.uri) };
  });
}

/** True for a role that may receive what is privileged. */
export function isCleared({ config }: Pick<Deps, 'config'>, role: string): boolean {
  return config.profiles.some((profile) => profile.role === role && profile.policies.privileged);
}

async function findFacts(
  deps: Deps,
  db: Queryable,
  roles: readonly string[],
  origin: Origin | undefined,
): Promise<Facts | undefined> {
  const readers = origin?.privileged === true ? roles.filter((role) => !isCleared(deps, role)) : [];
  if (origin === undefined || readers.length === 0) return undefined;
  const texts = (await listPrivilegedTexts(db, origin.id)).filter((text) => isSecret(deps, text, readers));
  return gatherFacts({
    texts: texts.map(({ text }) => text),
    values: texts.map(({ data, amount }) => (amount === null ? [data] : [data, amount])),
  });
}

/** Nothing is kept from those who wrote it or were given it; and who is not cleared has nothing to give away, nor was told. */
function isSecret(deps: Deps, { kind, source, target }: PrivilegedText, readers: readonly string[]): boolean {
  if (kind !== 'task' && !isCleared(deps, target)) return false;
  const known = [target, ...rolesOfActor(deps, source)];
  return !readers.every((reader) => known.includes(reader));
}

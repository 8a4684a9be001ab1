import { JsonObject } from '../../core/json.ts';
import type { DataKind } from '../../core/kinds.ts';
import { DATA_KINDS } from '../../core/kinds.ts';
import { rewriteJson } from '../../detect/json.ts';
import { redact } from '../../detect/redact.ts';
import type { Deps } from '../deps.ts';

/** What roles may not see is taken out before anything is stored: there is no copy that could leak later. */
export function hideFromRoles(deps: Deps, roles: readonly string[], text: string): string {
  return redact(toStorable(text), hiddenKinds(deps, roles));
}

export function hideJsonFromRoles(deps: Deps, roles: readonly string[], value: JsonObject): JsonObject {
  return hideInJson(value, hiddenKinds(deps, roles));
}

/** Texts in the event log carry no personal data at all. */
export function hideForLog(text: string): string {
  return redact(toStorable(text), DATA_KINDS);
}

export function hideJsonForLog(value: JsonObject): JsonObject {
  return hideInJson(value, DATA_KINDS);
}

function hideInJson(value: JsonObject, kinds: readonly DataKind[]): JsonObject {
  return JsonObject.parse(rewriteJson(value, (text, field) => redact(toStorable(text), kinds, field)));
}

/** Texts of agents may hold what PostgreSQL cannot: U+0000 and halves of surrogate pairs. */
function toStorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function hiddenKinds(deps: Deps, roles: readonly string[]): readonly DataKind[] {
  const profiles = deps.config.profiles.filter(({ role }) => roles.includes(role));
  return [...new Set(profiles.flatMap(({ policies }) => policies.hidden))];
}

/** The roles behind an actor: an agent's own; nobody's for people, who see what is theirs. */
export function rolesOfActor(deps: Deps, actor: string): readonly string[] {
  return deps.config.clients
    .filter(({ kind, name }) => kind === 'agent' && actor === `agent:${name}`)
    .flatMap(({ roles }) => roles);
}

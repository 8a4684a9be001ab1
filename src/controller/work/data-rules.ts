import { JsonObject } from '../../core/json.ts';
import type { DataKind } from '../../core/kinds.ts';
import { DATA_KINDS } from '../../core/kinds.ts';
import { redact, redactJson } from '../../detect/redact.ts';
import type { Deps } from '../deps.ts';

/** What roles may not see is taken out before anything is stored: there is no copy that could leak later. */
export function hideFromRoles(deps: Deps, roles: readonly string[], text: string): string {
  return redact(text, hiddenKinds(deps, roles));
}

export function hideJsonFromRoles(deps: Deps, roles: readonly string[], value: JsonObject): JsonObject {
  return JsonObject.parse(redactJson(value, hiddenKinds(deps, roles)));
}

/** Texts in the event log carry no personal data at all. */
export function hideForLog(text: string): string {
  return redact(text, DATA_KINDS);
}

export function hideJsonForLog(value: JsonObject): JsonObject {
  return JsonObject.parse(redactJson(value, DATA_KINDS));
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

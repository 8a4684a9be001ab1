import { JsonObject } from '../../core/json.ts';
import { type DataKind, LOG_KINDS } from '../../core/kinds.ts';
import { rewriteJson } from '../../detect/json.ts';
import { type Facts, gatherFacts } from '../../detect/privileged/facts.ts';
import { hideFacts } from '../../detect/privileged/hide.ts';
import { redact } from '../../detect/redact.ts';
import type { Deps } from '../deps.ts';

/** A text without the personal data, and the facts of privileged work, that roles may not see. */
export function hideFromRoles(
  deps: Deps,
  roles: readonly string[],
  text: string,
  facts: Facts = NO_FACTS,
): string {
  return hideFacts(toStorable(text), facts, hiddenKinds(deps, roles));
}

export function hideJsonFromRoles(
  deps: Deps,
  roles: readonly string[],
  value: JsonObject,
  facts: Facts = NO_FACTS,
): JsonObject {
  return hideInJson(value, hiddenKinds(deps, roles), facts);
}

/** Texts in the event log carry no personal data at all. */
export function hideForLog(text: string): string {
  return redact(toStorable(text), LOG_KINDS);
}

export function hideJsonForLog(value: JsonObject): JsonObject {
  return hideInJson(value, LOG_KINDS);
}

function hideInJson(value: JsonObject, kinds: readonly DataKind[], facts: Facts = NO_FACTS): JsonObject {
  const hide = (text: string, field: string | undefined) => hideFacts(toStorable(text), facts, kinds, field);
  return JsonObject.parse(rewriteJson(value, hide));
}

const NO_FACTS = gatherFacts({ texts: [], values: [] });

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

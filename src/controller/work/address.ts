import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { managerOf, ownerOf, type Person } from '../../core/org.ts';
import { didYouMean } from '../../core/text.ts';
import { getSession } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';

/** Whom the words of a sender mean. */
export interface Address {
  readonly role: string;
  /** Set where they named a person by their place in the org chart. */
  readonly through: { readonly as: string; readonly person: string } | undefined;
}

/**
 * The role that is addressed: by its name, as `my manager` (of the person on whose behalf the work is done), or as
 * `owner of <thing>`. The person of the org chart stands for the first of their roles that this mesh has.
 *
 * @throws MeshError unknown_role: no org chart, nobody, or nobody whose role is part of this mesh
 */
export async function findAddress(deps: Deps, by: Principal, target: string): Promise<Address> {
  const words = target.trim().replace(/\s+/g, ' ').toLowerCase();
  const [, thing] = /^owner of (.+)$/.exec(words) ?? [];
  if (words !== MY_MANAGER && thing === undefined) return { role: target, through: undefined };
  requireOrgChart(deps, words);
  const person = thing === undefined ? await findManager(deps, by) : findOwner(deps, thing);
  return { role: roleOf(deps, person, words), through: { as: words, person: person.name } };
}

const MY_MANAGER = 'my manager';

function requireOrgChart({ config }: Deps, words: string): void {
  if (config.people.length > 0) return;
  throw unknown(`Nobody is known as ${JSON.stringify(words)}: this mesh has no org chart.`, {
    hint: 'Address a role by its name, or give the users in mesh.yaml reports_to and owns.',
  });
}

async function findManager(deps: Deps, by: Principal): Promise<Person> {
  const session = by.sessionId === undefined ? undefined : await getSession(deps.db, by.sessionId);
  const owner = session?.owner ?? by.actor;
  const name = owner.replace(/^user:/, '');
  const manager = managerOf(deps.config.people, name);
  if (manager !== undefined) return manager;
  throw unknown(`The org chart names no manager of ${name}, on whose behalf the work is done.`, {
    hint: 'Address a role by its name.',
  });
}

function findOwner({ config }: Deps, thing: string): Person {
  const owner = ownerOf(config.people, thing);
  if (owner !== undefined) return owner;
  const owned = config.people.flatMap(({ owns }) => owns);
  const near = didYouMean(thing, owned);
  throw unknown(`The org chart names no owner of ${JSON.stringify(thing)}.`, {
    hint: near === undefined ? 'Address a role by its name.' : `Did you mean owner of ${near}?`,
  });
}

function roleOf({ config }: Deps, person: Person, words: string): string {
  const known = config.profiles.map(({ role }) => role);
  const role = person.roles.find((candidate) => known.includes(candidate));
  if (role !== undefined) return role;
  const has = person.roles.length === 0 ? 'no role' : `the roles ${person.roles.join(', ')}`;
  throw unknown(
    `${JSON.stringify(words)} is ${person.name}, who has ${has}; no agent of this mesh stands for that.`,
    { hint: `This mesh has ${known.join(', ')}.` },
  );
}

function unknown(message: string, options: { readonly hint: string }): MeshError {
  return new MeshError('unknown_role', message, options);
}

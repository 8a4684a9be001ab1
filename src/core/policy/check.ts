import type { Person } from '../org.ts';
import type { ApprovalRule, ApproverEntry, PlaceEntry } from '../policy.ts';
import { describeUnknown } from '../text.ts';
import { labelOf, planSteps } from './steps.ts';

/** Who there is to decide. */
export interface Deciders {
  /** Roles that have a profile, or that somebody has. */
  readonly roles: readonly string[];
  /** Roles that an agent of this mesh plays. */
  readonly agentRoles: readonly string[];
  readonly people: readonly Person[];
}

export interface Mistake {
  /** Where it stands in the rule. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * What is wrong with a rule: names that nobody has, and whatever can never be satisfied. The admin counts as nobody
 * here, or else every rule could be satisfied. A role with a profile counts as somebody, since the rules of the package
 * fit every choice of agents.
 */
export function checkRule(rule: ApprovalRule, deciders: Deciders, validHours: number): readonly Mistake[] {
  const wrong = [
    ...rule.approvers.flatMap((entry, index) => checkEntry(entry, deciders, ['approvers', index])),
    ...(rule.escalate_to ?? []).flatMap((entry, index) =>
      checkPlace(entry, deciders, ['escalate_to', index]),
    ),
    ...checkDeadline(rule, rule.valid_for_hours ?? validHours),
  ];
  return wrong.length > 0 ? wrong : checkTogether(rule, deciders);
}

type Path = readonly (string | number)[];

function checkEntry(entry: ApproverEntry, deciders: Deciders, path: Path): readonly Mistake[] {
  if (typeof entry === 'string' || !('any' in entry)) return checkPlace(entry, deciders, path);
  const wrong = entry.of.flatMap((place, index) => checkPlace(place, deciders, [...path, 'of', index]));
  if (entry.any <= entry.of.length) return wrong;
  const message = `any ${entry.any} of ${entry.of.length} can never be satisfied`;
  return [{ path: [...path, 'any'], message }, ...wrong];
}

function checkPlace(place: PlaceEntry, deciders: Deciders, path: Path): readonly Mistake[] {
  const { roles, agentRoles, people } = deciders;
  if (typeof place !== 'string' && 'manager-of' in place) {
    if (people.some(({ reports_to }) => reports_to !== undefined)) return [];
    return [{ path, message: 'nobody has a manager: no one of users in mesh.yaml says reports_to' }];
  }
  const { role, who } = typeof place === 'string' ? { role: place, who: 'any' } : place;
  const at = typeof place === 'string' ? path : [...path, 'role'];
  if (!roles.includes(role)) return [{ path: at, message: describeUnknown('role', role, roles) }];
  if (who === 'human' && !people.some((person) => person.roles.includes(role))) {
    return [
      { path: at, message: `no person has the role ${role}, so none can decide (the admin does not count)` },
    ];
  }
  if (who === 'agent' && !agentRoles.includes(role))
    return [{ path: at, message: `no agent of this mesh plays ${role}, so none can decide` }];
  return [];
}

function checkDeadline(rule: ApprovalRule, validHours: number): readonly Mistake[] {
  const { deadline_hours: deadline, escalate_to: others } = rule;
  if (deadline !== undefined && others === undefined)
    return [{ path: ['deadline_hours'], message: 'a deadline needs escalate_to: who decides after it' }];
  if (deadline === undefined && others !== undefined)
    return [{ path: ['escalate_to'], message: 'an escalation needs deadline_hours: when it begins' }];
  if (deadline === undefined || deadline < validHours) return [];
  const message = `the request expires after ${validHours} hours, before a deadline of ${deadline}`;
  return [{ path: ['deadline_hours'], message }];
}

/** What is wrong only between the approvers, or with the tasks that the rule is about. */
function checkTogether(rule: ApprovalRule, { people }: Deciders): readonly Mistake[] {
  const path = ['approvers'];
  const places = rule.approvers.flatMap((entry) =>
    typeof entry !== 'string' && 'any' in entry ? entry.of : [entry],
  );
  const ofAgents = places.flatMap((place) => {
    if (typeof place === 'string') return [place];
    return 'role' in place && place.who !== 'human' ? [place.role] : [];
  });
  const twice = ofAgents.find((role, index) => ofAgents.indexOf(role) !== index);
  if (twice !== undefined)
    return [{ path, message: `${twice} is named twice; only people of a role (who: human) may be` }];
  const askers = valuesOf(rule, 'target');
  const isIdle = (role: string) =>
    planSteps({ id: rule.id, rules: [rule] }, { role, managerOf: () => 'user:somebody' }).length === 0;
  if (askers.length > 0 && askers.every(isIdle))
    return [
      {
        path,
        message: `asks nobody: who works on such a task is ${askers.join(' or ')} and consents by asking`,
      },
    ];
  const barred = new Set([...valuesOf(rule, 'owner'), ...valuesOf(rule, 'source')]);
  const able = people.filter(({ name }) => !barred.has(`user:${name}`));
  if (canSeat(rule.approvers, able, new Set())) return [];
  const names = rule.approvers.map((entry) => labelOf(entry)).join(' and ');
  return [
    { path, message: `there are too few people for ${names}: nobody decides twice, nor for themselves` },
  ];
}

/** The one value, or the values, that a rule wants a field to have; empty: any. */
function valuesOf({ where }: ApprovalRule, field: string): readonly string[] {
  const expected = where[field];
  if (expected === undefined) return [];
  if (typeof expected !== 'object') return [String(expected)];
  const { equals, one_of: oneOf } = expected;
  // Of several owners each is free to decide for the others.
  if (equals !== undefined) return [String(equals)];
  return oneOf === undefined || (field !== 'target' && oneOf.length > 1) ? [] : oneOf.map(String);
}

/** True if different people can be found for all places that only people may take. */
function canSeat(
  entries: readonly ApproverEntry[],
  people: readonly Person[],
  seated: ReadonlySet<string>,
): boolean {
  const [entry, ...rest] = entries;
  if (entry === undefined) return true;
  if (typeof entry === 'string' || 'manager-of' in entry) return canSeat(rest, people, seated);
  if ('role' in entry) {
    if (entry.who !== 'human') return canSeat(rest, people, seated);
    return people
      .filter(({ name, roles }) => roles.includes(entry.role) && !seated.has(name))
      .some(({ name }) => canSeat(rest, people, new Set([...seated, name])));
  }
  return chooseFrom(entry.of, entry.any).some((chosen) => canSeat([...chosen, ...rest], people, seated));
}

function chooseFrom<T>(items: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return items.flatMap((item, index) =>
    chooseFrom(items.slice(index + 1), count - 1).map((others) => [item, ...others]),
  );
}

import { deputyOf, type OrgChart, type Person } from '../org.ts';
import type { ApprovalPolicy } from '../policy.ts';

/** The org chart with the deputies that the policy names for those who have none. */
export function withDeputies(people: OrgChart, { deputies }: ApprovalPolicy): OrgChart {
  return people.map((person) => {
    const deputy = person.deputy ?? deputies[person.name];
    return deputy === undefined ? person : { ...person, deputy };
  });
}

/** Those who are away at a time, and for whom a person decides. */
export function standsInFor(people: OrgChart, name: string, at: string): readonly Person[] {
  return people.filter(
    (person) => person.away.length > 0 && deputyOf(people, person.name, at)?.name === name,
  );
}

/** Those for whom a person may one day have to decide: their deputy, the deputy of their deputy, and so on. */
export function mayStandInFor(people: OrgChart, name: string): readonly Person[] {
  return people.filter((person) => person.name !== name && deputiesOf(people, person).includes(name));
}

function deputiesOf(people: OrgChart, { deputy: first }: Person): readonly string[] {
  const chain: string[] = [];
  let next = first;
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    const current = next;
    next = people.find(({ name }) => name === current)?.deputy;
  }
  return chain;
}

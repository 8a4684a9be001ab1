import { deputyOf, type OrgChart, type Person } from '../org.ts';
import type { ApprovalPolicy } from '../policy.ts';

/** Who decides for whom, by names of people. */
export interface Deputies {
  /** Those who are away at a time, and for whom a person decides. */
  standsInFor(name: string, at: string): readonly Person[];
  /** Those for whom a person may one day have to decide: as their deputy, the deputy of their deputy, and so on. */
  mayStandInFor(name: string): readonly Person[];
}

/** By the org chart, and by the policy for those for whom the chart names nobody. */
export function compileDeputies(chart: OrgChart, { deputies }: ApprovalPolicy): Deputies {
  const people = chart.map((person) => {
    const deputy = person.deputy ?? deputies[person.name];
    return deputy === undefined ? person : { ...person, deputy };
  });
  const absent = people.filter(({ away }) => away.length > 0);
  const served = new Map<string, Person[]>();
  for (const person of people)
    for (const deputy of chainFrom(people, person))
      served.set(deputy, [...(served.get(deputy) ?? []), person]);
  return {
    standsInFor: (name, at) => absent.filter((person) => deputyOf(people, person.name, at)?.name === name),
    mayStandInFor: (name) => served.get(name) ?? [],
  };
}

function chainFrom(people: OrgChart, { name: start, deputy: first }: Person): readonly string[] {
  const chain: string[] = [];
  for (let next = first; next !== undefined && next !== start && !chain.includes(next); ) {
    const current = next;
    chain.push(current);
    next = people.find(({ name }) => name === current)?.deputy;
  }
  return chain;
}

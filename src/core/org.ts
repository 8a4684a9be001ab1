import { z } from 'zod';
import { Name } from './identity.ts';
import { Timestamp } from './json.ts';
import { describeUnknown } from './text.ts';

const Absence = z
  .strictObject({ from: Timestamp, to: Timestamp.describe('The first moment at which they are back') })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'an absence must end after it begins',
  });

/** Somebody of the organisation. */
export const Person = z.strictObject({
  name: Name,
  roles: z.array(Name).default([]).describe('Roles in which the person may decide approvals'),
  reports_to: Name.optional().describe('Their manager'),
  deputy: Name.optional().describe('Who decides for them while they are away'),
  away: z.array(Absence).default([]),
  owns: z
    .array(z.string().trim().min(1).max(100))
    .default([])
    .describe('What they answer for, such as a budget or a system'),
});
export type Person = z.infer<typeof Person>;

/** The people of a mesh, who report to each other and stand in for each other. */
export const OrgChart = z.array(Person).superRefine(checkOrgChart);
export type OrgChart = readonly Person[];

export function managerOf(people: OrgChart, name: string): Person | undefined {
  return findPerson(people, findPerson(people, name)?.reports_to);
}

/** Who answers for a thing; neither its capitals nor its spaces matter. */
export function ownerOf(people: OrgChart, thing: string): Person | undefined {
  const wanted = foldThing(thing);
  return people.find(({ owns }) => owns.some((owned) => foldThing(owned) === wanted));
}

/**
 * Who stands in for a person who is away at a time: their deputy, or that person's if the deputy is away as well.
 * Undefined: the person is not away, or nobody stands in.
 */
export function deputyOf(people: OrgChart, name: string, at: Date | string): Person | undefined {
  const time = new Date(at).getTime();
  const seen = new Set<string>();
  let person = findPerson(people, name);
  while (person !== undefined && isAway(person, time)) {
    if (seen.has(person.name)) return undefined;
    seen.add(person.name);
    person = findPerson(people, person.deputy);
  }
  return person?.name === name ? undefined : person;
}

export function rolesOf(people: OrgChart, name: string): readonly string[] {
  return findPerson(people, name)?.roles ?? [];
}

function findPerson(people: OrgChart, name: string | undefined): Person | undefined {
  return people.find((person) => person.name === name);
}

function isAway({ away }: Person, time: number): boolean {
  return away.some(({ from, to }) => Date.parse(from) <= time && time < Date.parse(to));
}

const foldThing = (thing: string) => thing.trim().replace(/\s+/g, ' ').toLowerCase();

/** Adds what is wrong between people, each where it stands. */
export function checkOrgChart(people: OrgChart, context: z.core.$RefinementCtx<OrgChart>): void {
  const names = people.map(({ name }) => name);
  const owners = new Map<string, string>();
  for (const [index, person] of people.entries()) {
    const complain = (key: keyof Person, message: string) => {
      context.addIssue({ code: 'custom', path: [index, key], message });
    };

    if (names.indexOf(person.name) !== index) complain('name', `there is another ${person.name}`);
    for (const key of ['reports_to', 'deputy'] as const) {
      const other = person[key];
      if (other !== undefined && !names.includes(other))
        complain(key, describeUnknown('person', other, names));
    }
    if (person.deputy === person.name) complain('deputy', 'nobody is their own deputy');
    const cycle = cycleFrom(people, person);
    if (cycle !== undefined) complain('reports_to', `people report in a circle: ${cycle.join(' → ')}`);
    for (const thing of person.owns) {
      const owner = owners.get(foldThing(thing));
      if (owner !== undefined) complain('owns', `${JSON.stringify(thing)} is owned by ${owner} already`);
      owners.set(foldThing(thing), person.name);
    }
  }
}

/** The way up from a person if it leads back to them; told once, at the one whose name comes first. */
function cycleFrom(people: OrgChart, start: Person): readonly string[] | undefined {
  const way = [start.name];
  for (;;) {
    const next = managerOf(people, way.at(-1) ?? '')?.name;
    if (next === undefined) return undefined;
    if (next === start.name) return [...way].sort()[0] === start.name ? [...way, next] : undefined;
    if (way.includes(next)) return undefined;
    way.push(next);
  }
}

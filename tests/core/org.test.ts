import { expect, test } from 'vitest';
import type { z } from 'zod';
import { deputyOf, managerOf, OrgChart, ownerOf, rolesOf } from '../../src/core/org.ts';

const people = OrgChart.parse([
  { name: 'ann', roles: ['manager'], owns: ['Travel  Budget'] },
  { name: 'ben', roles: ['finance'], reports_to: 'ann', deputy: 'cem', away: [december(10, 20)] },
  { name: 'cem', reports_to: 'ben', deputy: 'ann', away: [december(15, 25)] },
  { name: 'dee', deputy: 'eli', away: [december(1, 31)] },
  { name: 'eli', deputy: 'dee', away: [december(1, 31)] },
]);

test('a person has the manager and the roles of the chart', () => {
  expect(managerOf(people, 'cem')?.name).toBe('ben');
  expect(managerOf(people, 'ann')).toBeUndefined();
  expect(managerOf(people, 'nobody')).toBeUndefined();
  expect(rolesOf(people, 'ben')).toEqual(['finance']);
  expect(rolesOf(people, 'nobody')).toEqual([]);
});

test('a thing is found whatever its capitals and spaces', () => {
  expect(ownerOf(people, ' travel budget')?.name).toBe('ann');
  expect(ownerOf(people, 'travel')).toBeUndefined();
});

test.each([
  ['before the absence', 'ben', '2026-12-09T23:59:59Z', undefined],
  ['from its first moment on', 'ben', '2026-12-10T00:00:00Z', 'cem'],
  ['while the deputy is away as well', 'ben', '2026-12-16T00:00:00Z', 'ann'],
  ['from the end on', 'ben', '2026-12-20T01:00:00+01:00', undefined],
  ['while two deputies of each other are away', 'dee', '2026-12-16T00:00:00Z', undefined],
])('%s, %s has the right deputy', (_when, name, at, deputy) => {
  expect(deputyOf(people, name, at)?.name).toBe(deputy);
  expect(deputyOf(people, name, new Date(at))?.name).toBe(deputy);
});

test.each<[string, z.input<typeof OrgChart>, string]>([
  [
    'a manager who is not there',
    [{ name: 'ann' }, { name: 'ben', reports_to: 'anm' }],
    '1.reports_to: there is no person "anm" (did you mean "ann"?); there are ann, ben',
  ],
  [
    'a deputy who is not there',
    [{ name: 'ann', deputy: 'x' }],
    '0.deputy: there is no person "x"; there are ann',
  ],
  ['oneself as deputy', [{ name: 'ann', deputy: 'ann' }], '0.deputy: nobody is their own deputy'],
  [
    'oneself as manager',
    [{ name: 'ann', reports_to: 'ann' }],
    '0.reports_to: people report in a circle: ann → ann',
  ],
  [
    'a circle of managers, once',
    [
      { name: 'cem', reports_to: 'ben' },
      { name: 'ben', reports_to: 'ann' },
      { name: 'ann', reports_to: 'cem' },
      { name: 'dee', reports_to: 'cem' },
    ],
    '2.reports_to: people report in a circle: ann → cem → ben → ann',
  ],
  ['one name twice', [{ name: 'ann' }, { name: 'ann' }], '1.name: there is another ann'],
  [
    'an absence that ends before it begins',
    [{ name: 'ann', away: [december(20, 10)] }],
    '0.away.0.to: an absence must end after it begins',
  ],
  [
    'a thing with two owners',
    [
      { name: 'ann', owns: ['ERP'] },
      { name: 'ben', owns: ['erp'] },
    ],
    '1.owns: "erp" is owned by ann already',
  ],
])('%s is a mistake', (_what, chart, message) => {
  const mistakes = OrgChart.safeParse(chart).error?.issues.map(
    ({ path, message: text }) => `${path.join('.')}: ${text}`,
  );
  expect(mistakes).toEqual([message]);
});

function december(from: number, to: number) {
  const day = (n: number) => `2026-12-${String(n).padStart(2, '0')}T00:00:00Z`;
  return { from: day(from), to: day(to) };
}

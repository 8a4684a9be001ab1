import { expect, test } from 'vitest';
import { compileDeputies } from '../../../src/core/policy/deputies.ts';
import { ApprovalPolicy } from '../../../src/core/policy.ts';

const policy = ApprovalPolicy.parse({
  version: 1,
  currency: 'USD',
  deputies: { carol: 'dan', bob: 'dan' },
  rules: [],
});
const away = [{ from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z' }];
const person = (name: string, rest: object = {}) => ({ name, roles: [], away: [], owns: [], ...rest });
const deputies = compileDeputies(
  [
    person('bob', { deputy: 'carol', away }),
    person('carol', { away: [{ from: '2026-03-04T00:00:00Z', to: '2026-03-06T00:00:00Z' }] }),
    person('dan'),
    person('erin', { deputy: 'frank' }),
    person('frank', { deputy: 'erin' }),
  ],
  policy,
);

const names = (people: readonly { readonly name: string }[]) => people.map(({ name }) => name);
const at = (day: string) => `2026-03-0${day}T12:00:00Z`;

test('a deputy decides while the other is away, and no longer', () => {
  expect(names(deputies.standsInFor('carol', '2026-02-28T23:59:59Z'))).toEqual([]);
  expect(names(deputies.standsInFor('carol', at('2')))).toEqual(['bob']);
  expect(names(deputies.standsInFor('carol', '2026-03-08T00:00:00Z'))).toEqual([]);
});

test('the deputy of the policy decides where the org chart names none, and for a deputy who is away', () => {
  expect(names(deputies.standsInFor('dan', at('2')))).toEqual([]);
  expect(names(deputies.standsInFor('dan', at('5')))).toEqual(['bob', 'carol']);
});

test('who may have to decide one day is known beforehand, also in a circle', () => {
  expect(names(deputies.mayStandInFor('dan'))).toEqual(['bob', 'carol']);
  expect(names(deputies.mayStandInFor('carol'))).toEqual(['bob']);
  expect(names(deputies.mayStandInFor('erin'))).toEqual(['frank']);
  expect(names(deputies.mayStandInFor('bob'))).toEqual([]);
});

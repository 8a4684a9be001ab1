import { expect, test } from 'vitest';
import { Target, typesTo } from '../../src/core/targets.ts';

const TARGETS = ['legal', { role: 'hr', types: ['question', 'hire'] }, { role: 'hr', types: ['leave'] }].map(
  (target) => Target.parse(target),
);

test.each([
  ['a role that is not named', 'manager', undefined, undefined],
  ['a role that is named', 'legal', undefined, 'any'],
  ['a role that accepts some types', 'legal', ['review'], ['review']],
  ['a role that is named for some types', 'hr', undefined, ['question', 'hire', 'leave']],
  ['both', 'hr', ['hire', 'fire'], ['hire']],
  ['types of which none is accepted', 'hr', ['fire'], []],
])('%s', (_case, role, accepts, types) => {
  expect(typesTo(TARGETS, { role, policies: { accepts } })).toEqual(types);
});

test.each([
  [7, 'expected the name of a role, or { role, types }'],
  [{ role: 'hr', types: [] }, '>=1'],
  [{ role: 'hr', types: ['Any Thing'] }, 'expected lower-case words joined by hyphens'],
])('%j is no target', (target, message) => {
  expect(Target.safeParse(target).error?.message).toContain(message);
});

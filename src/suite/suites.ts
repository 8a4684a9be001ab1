import { MeshError } from '../core/errors.ts';
import { didYouMean } from '../core/text.ts';
import { lifecycle } from './lifecycle/lifecycle.ts';
import type { Suite } from './suite.ts';

export const SUITES: readonly Suite[] = [lifecycle];

/** @throws MeshError usage: no such suite, with the list of those there are */
export function findSuite(name: string): Suite {
  const found = SUITES.find((suite) => suite.name === name);
  if (found !== undefined) return found;
  const known = SUITES.map((suite) => suite.name);
  const near = didYouMean(name, known);
  throw new MeshError(
    'usage',
    `There is no suite ${JSON.stringify(name)}; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`,
    {
      hint:
        near === undefined ? 'goose-mesh test suite lists them with their cases.' : `Did you mean ${near}?`,
    },
  );
}

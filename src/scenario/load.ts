import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MeshError } from '../core/errors.ts';
import { findPackageRoot } from '../core/package-root.ts';
import { didYouMean } from '../core/text.ts';
import { readYamlFile } from '../core/yaml-file.ts';
import { Scenario } from './schema.ts';

/** The scenarios of this package. */
const BUILT_IN = join(findPackageRoot(), 'scenarios');

/** Folders in which scenarios are looked for: the user's own come first. */
export const scenarioFolders = (projectDir: string): readonly string[] => [
  join(projectDir, 'scenarios'),
  BUILT_IN,
];

/**
 * Loads a scenario by its name, or by the path of its file.
 *
 * @throws MeshError usage (no such scenario, with the list of those there are), configuration (a mistake in it)
 */
export async function loadScenario(nameOrPath: string, folders: readonly string[]): Promise<Scenario> {
  if (/\.ya?ml$/.test(nameOrPath)) return readYamlFile(nameOrPath, Scenario);
  const path = folders
    .map((folder) => join(folder, `${nameOrPath}.yaml`))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return readYamlFile(path, Scenario);
  const known = await listScenarios(folders);
  const near = didYouMean(nameOrPath, known);
  throw new MeshError(
    'usage',
    `There is no scenario ${JSON.stringify(nameOrPath)}; there are ${known.join(', ')}.`,
    {
      hint:
        near === undefined
          ? `Scenarios are looked for in ${folders.join(' and ')}.`
          : `Did you mean ${near}?`,
    },
  );
}

export async function listScenarios(folders: readonly string[]): Promise<readonly string[]> {
  const files = await Promise.all(
    folders.filter((folder) => existsSync(folder)).map((folder) => readdir(folder)),
  );
  const names = files.flat().filter((file) => file.endsWith('.yaml'));
  return [...new Set(names.map((file) => basename(file, '.yaml')))].sort();
}

import { dirname, join, relative, resolve } from 'node:path';
import { MeshError } from '../core/errors.ts';
import type { GuardKnowledge } from '../core/knowledge.ts';
import type { MeshSpec } from './mesh-file.ts';
import type { HostFolder, Site } from './plan.ts';

/** What a guard knows of personal data, and the folders of this machine in which it finds its lists. */
export interface PlannedKnowledge {
  readonly knowledge: GuardKnowledge;
  readonly folders: readonly HostFolder[];
}

/**
 * Guards see the whole folder of a list: of a file that is replaced, as editors do, a container would go on seeing the
 * old one.
 *
 * @throws MeshError configuration for a list in the project's own folder, which holds more than guards should see
 */
export function planKnowledge({ guard, users, projectDir }: MeshSpec, site: Site): PlannedKnowledge {
  const { allow, deny, rules, directory, detector } = guard;
  const sources = [...new Set(directory.map(({ file }) => folderOf(projectDir, file)))];
  const folders = sources.map((source, index) => ({
    source,
    path: site.folder?.(source, `lists-${index}`) ?? source,
  }));
  const pathOf = (file: string) => {
    const path = resolve(projectDir, file);
    const folder = folders.find(({ source }) => source === dirname(path))?.path ?? dirname(path);
    return join(folder, relative(dirname(path), path));
  };
  return {
    knowledge: {
      allow,
      deny,
      rules,
      directory: directory.map((list) => ({ ...list, file: pathOf(list.file) })),
      entries: listEntries(users),
      detector: detector === undefined ? undefined : { ...detector, url: site.outside(detector.url) },
    },
    folders: folders.filter(({ source, path }) => source !== path),
  };
}

function folderOf(projectDir: string, file: string): string {
  const folder = dirname(resolve(projectDir, file));
  if (!relative(folder, resolve(projectDir)).startsWith('..')) {
    throw new MeshError('configuration', `guard.directory: ${file} must be in a folder of its own.`, {
      hint: 'Guards see the whole folder of a list: put it into directory/, for example.',
    });
  }
  return folder;
}

function listEntries(users: MeshSpec['users']): GuardKnowledge['entries'] {
  return users.flatMap(({ full_name, nicknames, email, phone }) => [
    ...[full_name, ...nicknames].flatMap((value) =>
      value === undefined ? [] : [{ kind: 'PERSON' as const, value }],
    ),
    ...(email === undefined ? [] : [{ kind: 'EMAIL' as const, value: email }]),
    ...(phone === undefined ? [] : [{ kind: 'PHONE' as const, value: phone }]),
  ]);
}

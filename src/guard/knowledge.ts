import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { messageOf } from '../core/errors.ts';
import { GuardKnowledge } from '../core/knowledge.ts';
import type { Logger } from '../core/log.ts';
import { createDirectory, type Directory } from '../detect/directory/directory.ts';
import { readCsv } from '../detect/directory/read-csv.ts';
import { createJudge, type Judge } from '../detect/knowledge.ts';

/** What the mesh knows, as of now: a list that changes is read anew while the guard goes on with the old one. */
export interface LiveKnowledge {
  readonly judge: Judge | undefined;
  /** Reads the lists. Throws MeshError configuration for one that cannot be read: a guard without it must not start. */
  load(): Promise<void>;
  close(): void;
}

/** How often a file is looked at, in milliseconds. Mounts of containers do not tell of changes everywhere. */
const LOOK_MS = 1000;

export function createLiveKnowledge(config: GuardKnowledge | undefined, log: Logger): LiveKnowledge {
  const knowledge = config ?? GuardKnowledge.parse({});
  const files = knowledge.directory.map(({ file }) => file);
  let judge: Judge | undefined;
  let loading = Promise.resolve();

  return {
    get judge() {
      return judge;
    },
    async load() {
      for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, reload);
      await read();
    },
    close() {
      for (const file of files) unwatchFile(file, reload);
    },
  };

  function reload(now: Stats, before: Stats): void {
    // Reading a file changes its time of access, on some file systems, which must not be a reason to read it.
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino && now.size === before.size) return;
    loading = loading.then(read).catch((error: unknown) => {
      log.error(
        { reason: messageOf(error) },
        'the directory cannot be read again; the old one stays in force',
      );
    });
  }

  async function read(): Promise<void> {
    if (isEmpty(knowledge)) return;
    const directory = await readDirectory(knowledge);
    judge = createJudge(knowledge, directory);
    log.info({ entries: directory.size, bytes: directory.bytes }, 'directory loaded');
  }
}

async function readDirectory({ entries, directory: files }: GuardKnowledge): Promise<Directory> {
  const directory = createDirectory();
  for (const entry of entries) directory.add(entry);
  for (const file of files) for await (const entry of readCsv(file)) directory.add(entry);
  return directory;
}

function isEmpty({ allow, deny, rules, entries, directory }: GuardKnowledge): boolean {
  return [allow, deny, rules, entries, directory].every((list) => list.length === 0);
}

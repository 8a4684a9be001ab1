import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import type { Entry } from './entry.ts';

/** Larger files are streamed; the thousands of small ones are quicker in one piece. */
const STREAMED_BYTES = 1024 * 1024;

/** A tar archive of the entries, written while it is read. Destroying it ends the writing. */
export function packEntries(entries: Iterable<Entry>): Readable {
  const archive = pack();
  writeEntries(archive, entries).then(
    () => {
      archive.finalize();
    },
    (error: unknown) => {
      archive.destroy(error instanceof Error ? error : new Error(String(error)));
    },
  );
  return Readable.from(archive, { objectMode: false });
}

async function writeEntries(archive: Pack, entries: Iterable<Entry>): Promise<void> {
  for (const entry of entries) {
    await new Promise<void>((resolve, reject) => {
      writeEntry(archive, entry, (error) => {
        if (error == null) resolve();
        else reject(error);
      });
    });
  }
}

function writeEntry(archive: Pack, entry: Entry, done: (error?: Error | null) => void): void {
  const name = entry.path.slice(1);
  switch (entry.kind) {
    case 'directory':
      archive.entry(
        { name, type: 'directory', mode: entry.mode, uid: entry.uid ?? 0, gid: entry.uid ?? 0 },
        done,
      );
      break;
    case 'link':
      archive.entry({ name, type: 'symlink', linkname: entry.target }, done);
      break;
    case 'text':
      archive.entry({ name, mode: 0o644 }, entry.text, done);
      break;
    case 'file':
      if (entry.size <= STREAMED_BYTES) {
        archive.entry({ name, mode: entry.mode }, readFileSync(entry.source), done);
      } else {
        const sink = archive.entry({ name, mode: entry.mode, size: entry.size }, done);
        const file = createReadStream(entry.source, { highWaterMark: STREAMED_BYTES });
        file
          .on('error', (error) => {
            sink.destroy(error);
          })
          .pipe(sink);
      }
      break;
  }
}

import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOfOld } from '../supervisor/log-file.ts';

export interface TimedLine {
  /** RFC 3339 in UTC with milliseconds, as all parts write it, so that the order of texts is the order of time. */
  readonly at: string;
  readonly text: string;
}

const CHUNK_BYTES = 65_536;

/** Reads the log of a service from its beginning, as far as it goes each time, also when it is rotated meanwhile. */
export class LogTail {
  readonly #path: string;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #decoder = new TextDecoder();
  #file: FileHandle | undefined;
  #hasBegun = false;
  #rest = '';
  #at = '';

  constructor(logDir: string, service: string) {
    this.#path = join(logDir, `${service}.log`);
  }

  /** The lines that were written since the last time. */
  async *readRest(): AsyncGenerator<TimedLine> {
    for (;;) {
      this.#file ??= await this.#openNext();
      if (this.#file === undefined) return;
      // Asked before reading: nothing is written any more to what was set aside, so its end is the end.
      const isSetAside = await this.#isSetAside(this.#file);
      yield* this.#readLines(this.#file);
      if (!isSetAside) return;
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async *#readLines(file: FileHandle): AsyncGenerator<TimedLine> {
    for (;;) {
      const { bytesRead } = await file.read(this.#chunk);
      if (bytesRead === 0) return;
      const text = this.#rest + this.#decoder.decode(this.#chunk.subarray(0, bytesRead), { stream: true });
      const lines = text.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) yield { at: this.#readTime(line), text: line };
    }
  }

  /** A line without a time belongs to the one before, such as those of a stack trace. */
  #readTime(line: string): string {
    this.#at = /^\{.*?"time":"([^"]+)"/.exec(line)?.[1] ?? this.#at;
    return this.#at;
  }

  async #openNext(): Promise<FileHandle | undefined> {
    const old = this.#hasBegun ? undefined : await openIfThere(pathOfOld(this.#path));
    this.#hasBegun = true;
    return old ?? openIfThere(this.#path);
  }

  async #isSetAside(file: FileHandle): Promise<boolean> {
    const [own, current] = await Promise.all([file.stat(), stat(this.#path).catch(() => undefined)]);
    return own.ino !== current?.ino;
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path).catch(() => undefined);
}

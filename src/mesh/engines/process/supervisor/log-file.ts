import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** When a log becomes larger, it is set aside in place of the one that was set aside before. */
const MAX_BYTES = 10_000_000;

/** Where a log is set aside. */
export const pathOfOld = (path: string): string => `${path}.1`;

/** The log of one service. Written at once, so that what a process said last is there when it has ended. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #fd: number | undefined;
  #bytes = 0;

  constructor(path: string, maxBytes = MAX_BYTES) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  write(line: string): void {
    try {
      if (this.#bytes >= this.#maxBytes) this.#rotate();
      const fd = this.#fd ?? this.#open();
      this.#bytes += writeSync(fd, `${line}\n`);
    } catch {
      // A full disk, or a state directory that was removed, must not end the mesh.
    }
  }

  /** A line of the supervisor's own, in the form that parts log in. */
  note(message: string): void {
    this.write(
      JSON.stringify({ level: 'warn', time: new Date().toISOString(), part: 'supervisor', msg: message }),
    );
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    this.#fd = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(this.#fd).size;
    return this.#fd;
  }

  #rotate(): void {
    this.close();
    renameSync(this.#path, pathOfOld(this.#path));
    this.#bytes = 0;
  }
}

/** A part that serves: what `start<Part>` functions resolve to once the part can do its work. */
export interface RunningPart {
  /** The TCP port it listens on; undefined for a part that only calls others. */
  readonly port: number | undefined;
  /** Settles when the part can no longer do its work: resolves never, rejects with the reason. */
  readonly failed: Promise<never>;
  /** Ends the part in order: no new work, open work given back, connections closed. */
  close(): Promise<void>;
}

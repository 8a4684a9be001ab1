/** What a suite needs of a mesh beside its controller: what only those can do who run it. */
export interface SuiteSite {
  /** Ends the controller as a crash would, and gives which process there was before and which there is after it. */
  restartController(): Promise<Replacement>;
  /** Lets sessions expire after so many days without a move. */
  readonly retention: { shorten(days: number): Promise<void> } | { readonly fixedBecause: string };
}

export interface Replacement {
  readonly before: string;
  readonly after: string;
}

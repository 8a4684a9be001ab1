import type { SuiteMesh } from './mesh.ts';

/** A named list of cases, each with checks: what a mesh must do, whatever else runs on it. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly SuiteCase[];
}

export interface SuiteCase {
  readonly name: string;
  /** The names of its checks. */
  readonly checks: readonly string[];
  /** Why the case cannot be run on a mesh; undefined if it can. */
  readonly obstacle: (mesh: SuiteMesh) => string | undefined;
  /** Does to the mesh what the case is about, and gives its checks. Each throws if it does not hold. */
  readonly act: (mesh: SuiteMesh) => Promise<readonly (() => Promise<void>)[]>;
}

interface CaseDefinition<Seen> {
  readonly name: string;
  readonly obstacle?: SuiteCase['obstacle'];
  readonly act: (mesh: SuiteMesh) => Promise<Seen>;
  /** By their names, in the order in which they are made. */
  readonly checks: Readonly<Record<string, (seen: Seen, mesh: SuiteMesh) => Promise<void>>>;
}

/** A case whose checks look at what its act has seen. */
export function defineCase<Seen>({ name, obstacle, act, checks }: CaseDefinition<Seen>): SuiteCase {
  return {
    name,
    checks: Object.keys(checks),
    obstacle: obstacle ?? (() => undefined),
    act: async (mesh) => {
      const seen = await act(mesh);
      return Object.values(checks).map((check) => () => check(seen, mesh));
    },
  };
}

import type { DataKind } from '../../core/kinds.ts';

/** By name of a tool, in which `*` stands for any characters: the kinds whose values it gets. */
export type Egress = Readonly<Record<string, readonly DataKind[] | '*'>>;

/** The controller applies its own rules to what the tools of the mesh are given. */
const OF_THE_MESH: Egress = { 'mesh__*': '*' };

/**
 * Whether a tool may be told values of a kind. Where a profile says nothing, every tool may be told everything: that
 * is what the agent's user would give it. Where it says something, the longest name that fits decides, and a tool that
 * none fits gets nothing but placeholders.
 */
export function createTeller(egress: Egress | undefined): (tool: string, kind: DataKind) => boolean {
  if (egress === undefined) return () => true;
  const rules = Object.entries({ ...OF_THE_MESH, ...egress })
    .sort(([a], [b]) => b.length - a.length)
    .map(([name, kinds]) => ({ form: toRegExp(name), kinds }));
  return (tool, kind) => {
    const kinds = rules.find(({ form }) => form.test(tool))?.kinds ?? [];
    return kinds === '*' || kinds.includes(kind);
  };
}

function toRegExp(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replaceAll(/[^\w]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}

/** Labels of everything that the engine makes: how it finds again what is its own. */
export const LABELS = {
  mesh: 'goose-mesh.mesh',
  service: 'goose-mesh.service',
  part: 'goose-mesh.part',
  /** Hash of everything that a container or network was made from: equal means that it can stay. */
  spec: 'goose-mesh.spec',
} as const;

/** What a service, network or volume of a mesh is called on the engine, which knows nothing of meshes. */
export function fullName(mesh: string, name: string): string {
  return `${mesh}-${name}`;
}

/** Filter of list calls and events. */
export function ofMesh(mesh: string): { label: string[] } {
  return { label: [`${LABELS.mesh}=${mesh}`] };
}

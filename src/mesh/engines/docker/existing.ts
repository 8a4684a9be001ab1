import type Dockerode from 'dockerode';
import { z } from 'zod';
import { type Part, PartConfig } from '../../../core/config.ts';
import type { Deck } from './deck.ts';
import { fullName, LABELS, ofMesh } from './names.ts';

const Labels = z.object({
  [LABELS.service]: z.string(),
  [LABELS.part]: z.enum(PartConfig.options.map(({ shape }) => shape.part.value)),
  [LABELS.spec]: z.string(),
});

/** A container of the mesh, running or not, as the engine lists it. */
export interface Existing {
  readonly id: string;
  /** The full name of its service, unless it is being replaced. */
  readonly name: string;
  readonly service: string;
  readonly part: Part;
  readonly spec: string;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly state: string;
}

export async function listExisting({ docker, mesh }: Deck): Promise<readonly Existing[]> {
  const containers = await docker.listContainers({ all: true, filters: ofMesh(mesh) });
  return containers.flatMap(readExisting);
}

/** The container that a service runs in, if there is one. */
export async function findExisting(deck: Deck, service: string): Promise<Existing | undefined> {
  const name = fullName(deck.mesh, service);
  return (await listExisting(deck)).find((container) => container.name === name);
}

function readExisting({
  Id: id,
  Names,
  Labels: labels,
  State: state,
}: Dockerode.ContainerInfo): readonly Existing[] {
  const found = Labels.safeParse(labels);
  if (!found.success) return [];
  const { [LABELS.service]: service, [LABELS.part]: part, [LABELS.spec]: spec } = found.data;
  return [{ id, name: Names[0]?.slice(1) ?? '', service, part, spec, state }];
}

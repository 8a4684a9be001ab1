import type Dockerode from 'dockerode';
import { z } from 'zod';

const Report = z.looseObject({ header: z.looseObject({ glibcVersionRuntime: z.string().optional() }) });

/** What Docker calls the processors that Node calls otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Whether the programs of this machine run in the containers of this engine: both must be Linux on the same kind of
 * processor, and the C library here must be the one that Goose and PostgreSQL are made for.
 */
export async function runsOurPrograms(docker: Dockerode): Promise<boolean> {
  if (process.platform !== 'linux' || !hasGlibc()) return false;
  const { Os, Arch } = await docker.version();
  return Os === 'linux' && Arch === ARCHITECTURES[process.arch];
}

/** Alpine, for one, has musl. */
function hasGlibc(): boolean {
  // Or the report would ask the name server about every open connection (Node 22; @types/node lacks it).
  Object.assign(process.report, { excludeNetwork: true });
  return Report.parse(process.report.getReport()).header.glibcVersionRuntime !== undefined;
}

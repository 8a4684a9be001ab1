import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import Dockerode from 'dockerode';
import { extract } from 'tar-stream';
import type { ServiceStatus } from '../../../src/mesh/engine.ts';
import type { Workspace } from './cli.ts';

export interface KeptFile {
  /** Below the data directory of the service. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** The files of a service that outlive it: not those that are kept in memory. */
export async function readKept(workspace: Workspace, name: string): Promise<readonly KeptFile[]> {
  const { engine, services } = await workspace.json<{ engine: string; services: ServiceStatus[] }>('status');
  const service = services.find((candidate) => candidate.service === name);
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return engine === 'docker' ? readVolume(service.id) : readDirectory(await findData(workspace, name));
}

/** Docker packs volumes, but no tmpfs. */
async function readVolume(container: string): Promise<readonly KeptFile[]> {
  const files: KeptFile[] = [];
  const archive = await new Dockerode().getContainer(container).getArchive({ path: '/data' });
  const unpacked = extract().on('entry', ({ name, type, mode }, stream, next) => {
    void buffer(stream).then((content) => {
      if (type === 'file') files.push({ path: relative('data', name), mode: mode & 0o777, content });
      next();
    });
  });
  archive.pipe(unpacked);
  await once(unpacked, 'finish');
  return files;
}

/** What is in memory is behind links. */
async function readDirectory(root: string): Promise<readonly KeptFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const [{ mode }, content] = await Promise.all([stat(path), readFile(path)]);
        return { path: relative(root, path), mode: mode & 0o777, content };
      }),
  );
}

export async function findData({ dir }: Workspace, name: string): Promise<string> {
  const meshes = join(dir, 'state', 'meshes');
  const [mesh = ''] = await readdir(meshes);
  return join(meshes, mesh, 'data', name);
}

import { createHash } from 'node:crypto';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Place } from '../place.ts';
import type { PlannedService } from '../wire.ts';

/**
 * Makes the directories of a service that are to be in memory, because their texts must never reach a disk: links
 * to empty directories in the memory of the mesh. They stay while the service is restarted.
 */
export async function mountMemory(place: Place, plan: PlannedService): Promise<void> {
  // What a supervisor left that was killed.
  await unmountMemory(place, plan);
  for (const path of plan.tmpfs) {
    const target = targetOf(place, path);
    await mkdir(target, { recursive: true, mode: 0o700 });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await symlink(target, path);
  }
}

export async function unmountMemory(place: Place, { tmpfs }: PlannedService): Promise<void> {
  for (const path of tmpfs) {
    await rm(targetOf(place, path), { recursive: true, force: true });
    await rm(path, { recursive: true, force: true });
  }
}

function targetOf({ memoryDir }: Place, path: string): string {
  return join(memoryDir, createHash('sha256').update(path).digest('hex').slice(0, 24));
}

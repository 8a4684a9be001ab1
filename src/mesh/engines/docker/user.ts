import type Dockerode from 'dockerode';
import { z } from 'zod';
import type { Access } from './config-files.ts';

/** The user of the parts when the caller is root, which PostgreSQL refuses to run as. */
const PARTS_UID = 10_001;

const Info = z.looseObject({ SecurityOptions: z.array(z.string()).nullish() });

/** The user that the parts run as: the caller, so that they share files of mode 0600, but never root. */
export function partsUid(): number {
  const uid = process.getuid?.() ?? PARTS_UID;
  return uid === 0 ? PARTS_UID : uid;
}

/**
 * What lets the parts, running as `uid`, read their configurations. In a rootless engine, or one with userns-remap,
 * the users of containers have other numbers here, so only files that all may read can be read there.
 */
export async function findAccess(docker: Dockerode, uid: number): Promise<Access> {
  const { SecurityOptions: options } = Info.parse(await docker.info());
  if (options?.some((option) => /name=(rootless|userns)/.test(option)) === true)
    return { uid: undefined, mode: 0o644 };
  return { uid: process.getuid?.() === 0 ? uid : undefined, mode: 0o600 };
}

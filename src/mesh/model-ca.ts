import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf, MeshError } from '../core/errors.ts';
import type { MeshSpec } from './mesh-file.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of `guard.ca`, and nothing else that stands in that file; undefined where there is none.
 *
 * @throws MeshError configuration: the file cannot be read, or holds no certificate or a broken one
 */
export async function readModelCa({ guard, projectDir }: MeshSpec): Promise<string | undefined> {
  if (guard.ca === undefined) return undefined;
  const file = resolve(projectDir, guard.ca);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MeshError('configuration', `guard.ca: ${file} cannot be read (${String(codeOf(cause))}).`);
  });
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return `${certificates.join('\n')}\n`;
  throw new MeshError(
    'configuration',
    `guard.ca: expected certificates in PEM, and ${file} holds ${certificates.length === 0 ? 'none' : 'a broken one'}.`,
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

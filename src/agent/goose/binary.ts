import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MeshError } from '../../core/errors.ts';
import { goosePackage } from '../../core/goose-package.ts';

/**
 * Path of the goose program in its npm package for this platform.
 *
 * @throws MeshError environment: the package is not installed
 */
export function findGooseBinary(): string {
  const name = goosePackage();
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'goose.exe' : 'goose');
  } catch (error) {
    throw new MeshError(
      'environment',
      `Goose is not installed: the package ${name} was expected, but is not there.`,
      {
        hint: 'It is an optional dependency: run npm install without --omit=optional.',
        cause: error,
      },
    );
  }
}

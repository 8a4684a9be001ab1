import { join } from 'node:path';
import { findPackageRoot } from '../../../core/package-root.ts';

/** The program that every part is started with. */
export const PROGRAM = join(findPackageRoot(), 'bin', 'goose-mesh.js');

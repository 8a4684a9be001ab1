import { fileURLToPath } from 'node:url';

/** The program that every part is started with; as far away from src/ as from dist/. */
export const PROGRAM = fileURLToPath(new URL('../../../../bin/goose-mesh.js', import.meta.url));

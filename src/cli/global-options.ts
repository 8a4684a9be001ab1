import { type Command, Option } from 'commander';
import { MeshError } from '../core/errors.ts';
import { ENGINE_NAMES } from '../mesh/engine.ts';
import type { ProjectOptions } from './project.ts';

/** What every command knows. */
export interface GlobalOptions extends ProjectOptions {
  readonly json: boolean;
  readonly plain: boolean;
  /** The person to act as; the mesh's admin by default. */
  readonly as?: string;
}

export function addGlobalOptions(program: Command): void {
  program
    .option('-C, --dir <folder>', 'folder of the mesh', '.')
    .option('--file <path>', 'mesh file, relative to the folder (default: mesh.yaml)')
    .option('--as <user>', 'act as this person of mesh.yaml instead of the admin')
    .option('--json', 'print JSON', false)
    .addOption(new Option('--plain', 'print lines instead of a live view').default(false));
}

/** The options of a command together with the program's. */
export function globalOptions(command: Command): GlobalOptions {
  const options = command.optsWithGlobals<GlobalOptions>();
  const engines = ['auto', ...ENGINE_NAMES];
  if (options.engine !== undefined && !engines.includes(options.engine)) {
    throw new MeshError(
      'usage',
      `--engine must be one of ${engines.join(', ')}, found ${JSON.stringify(options.engine)}.`,
    );
  }
  return options;
}

import type { Command } from 'commander';
import { MeshError } from '../core/errors.ts';

/** Refuses a change that changes nothing, which would look as if it had. */
export function requireSome(changes: object, command: Command): void {
  if (Object.values(changes).some((value) => value !== undefined)) return;
  throw new MeshError(
    'usage',
    `Expected what to change, found none of ${command.options.map(({ long }) => long).join(', ')}.`,
    {
      hint: `goose-mesh ${command.parent?.name() ?? ''} ${command.name()} --help`,
    },
  );
}

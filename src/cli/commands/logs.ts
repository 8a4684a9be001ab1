import type { Command } from 'commander';
import { MeshError } from '../../core/errors.ts';
import { didYouMean, showControls } from '../../core/text.ts';
import { globalOptions } from '../global-options.ts';
import { untilInterrupted } from '../interrupt.ts';
import { createOutput } from '../output.ts';
import { openProject } from '../project.ts';
import { requireRunningMesh, requireServices } from '../running-mesh.ts';

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('Print the logs of the services')
    .argument('[service...]', 'only these; `goose-mesh status` lists them')
    .option('-f, --follow', 'go on with what is logged from now on', false)
    .action(runLogs);
}

async function runLogs(
  wanted: string[],
  { follow }: { readonly follow: boolean },
  command: Command,
): Promise<void> {
  const options = globalOptions(command);
  const mesh = await requireRunningMesh(await openProject(options));
  const known = (await requireServices(mesh)).map(({ service }) => service);
  const unknown = wanted.find((service) => !known.includes(service));
  if (unknown !== undefined) {
    const near = didYouMean(unknown, known);
    throw new MeshError(
      'usage',
      `There is no service ${JSON.stringify(unknown)}; there are ${known.join(', ')}.`,
      {
        hint: near === undefined ? undefined : `Did you mean ${near}?`,
      },
    );
  }
  const services = wanted.length > 0 ? wanted : known;
  const width = Math.max(...services.map(({ length }) => length));
  const output = createOutput(options.json);
  await untilInterrupted(async (interrupted) => {
    const signal = AbortSignal.any([interrupted, output.closed]);
    for await (const line of mesh.engine.logs({ services, follow, signal })) {
      output.printLine(
        line,
        () => `${line.service.padEnd(width)} | ${showControls(line.text, { oneLine: true })}`,
      );
    }
  });
}

import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { makeEngine } from '../choose-engine.ts';
import { globalOptions } from '../global-options.ts';
import { readMeshRecord, removeMeshRecord } from '../mesh-record.ts';
import { openScreen } from '../open-screen.ts';
import { openProject } from '../project.ts';

export function addDown(program: Command): void {
  program
    .command('down')
    .description('Stop the mesh and remove it; its data stays for the next `up`, unless told otherwise')
    .option('--volumes', 'remove its data and secrets as well', false)
    .action(runDown);
}

async function runDown({ volumes }: { readonly volumes: boolean }, command: Command): Promise<void> {
  const options = globalOptions(command);
  const { spec, stateDir } = await openProject(options);
  const record = await readMeshRecord(stateDir);
  const name = record?.engine ?? (spec.engine === 'docker' ? 'docker' : 'process');
  const engine = await makeEngine(name, spec.name, stateDir, { tied: false });
  const screen = await openScreen(
    { title: `goose-mesh down: ${spec.name}`, facts: [], services: [] },
    options,
  );
  const startedAt = performance.now();
  await engine.down({
    volumes,
    onProgress: (progress) => {
      screen.progress(progress);
    },
  });
  await removeMeshRecord(stateDir);
  if (volumes) await rm(stateDir, { recursive: true, force: true });
  const duration_ms = Math.round(performance.now() - startedAt);
  await screen.finish({
    good: true,
    text: `Nothing of the mesh is left${volumes ? '' : ' but its data'} after ${(duration_ms / 1000).toFixed(1)} s.`,
  });
  if (options.json)
    process.stdout.write(`${JSON.stringify({ mesh: spec.name, volumes, duration_ms }, null, 2)}\n`);
}

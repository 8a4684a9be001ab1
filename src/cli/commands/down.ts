import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { lockMesh } from '../../mesh/lock.ts';
import { listHolders } from '../choose-engine.ts';
import { removeDeadTests } from '../dead-tests.ts';
import { globalOptions } from '../global-options.ts';
import { readMeshRecord, removeMeshRecord } from '../mesh-record.ts';
import { openScreen } from '../open-screen.ts';
import { createOutput } from '../output.ts';
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
  const project = await openProject(options);
  const record = await readMeshRecord(project.stateDir);
  const { engines, unasked } = await listHolders(project, record);
  const { name: mesh } = project.spec;
  const screen = await openScreen({ title: `goose-mesh down: ${mesh}`, facts: [], services: [] }, options);
  const startedAt = performance.now();
  const isKnown = existsSync(project.stateDir);
  await using _lock = isKnown ? await lockMesh(project.stateDir) : undefined;
  for (const engine of engines) {
    await engine.down({
      volumes,
      onProgress: (progress) => {
        screen.progress(progress);
      },
    });
  }
  await removeMeshRecord(project.stateDir);
  if (volumes) await rm(project.stateDir, { recursive: true, force: true });
  const duration_ms = Math.round(performance.now() - startedAt);
  await screen.finish({
    good: true,
    text: [
      `Nothing of the mesh is left${volumes ? '' : ' but its data'} after ${(duration_ms / 1000).toFixed(1)} s.`,
      ...(await removeDeadTests()).map((name) => `So is ${name}, left by a test that was killed.`),
      ...(record === undefined && unasked !== undefined ? [`Docker was not asked: ${unasked}`] : []),
    ].join(' '),
  });
  createOutput(options.json).print({ mesh, volumes, duration_ms });
}

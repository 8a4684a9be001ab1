import type { Command } from 'commander';
import { MeshError } from '../../core/errors.ts';
import { listServices } from '../../mesh/make-plan.ts';
import { MODEL_FORMS } from '../../mesh/model.ts';
import { bringUp } from '../bring-up.ts';
import { chooseEngine, describeIsolation } from '../choose-engine.ts';
import { globalOptions } from '../global-options.ts';
import { interruptible } from '../interrupt.ts';
import { readMeshRecord } from '../mesh-record.ts';
import { openScreen } from '../open-screen.ts';
import { createOutput } from '../output.ts';
import { openProject } from '../project.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description(
      'Start the mesh, or make a running one be as mesh.yaml says; resolves when every part is ready',
    )
    .option('--engine <engine>', 'docker, process, or auto: Docker if an engine answers')
    .option('--model <model>', MODEL_FORMS)
    .addHelpText('after', '\nExample:\n  OPENAI_API_KEY=... goose-mesh up --model openai:gpt-4o')
    .action(runUp);
}

async function runUp(_options: unknown, command: Command): Promise<void> {
  const options = globalOptions(command);
  const project = await openProject(options);
  const { engine, reason } = await chooseEngine(project, { tied: false });
  const before = await readMeshRecord(project.stateDir);
  if (before !== undefined && before.engine !== engine.name) {
    throw new MeshError(
      'usage',
      `The mesh is ${before.state === 'up' ? '' : 'partly '}up on the ${before.engine} engine, but ${engine.name} was chosen.`,
      {
        hint: `goose-mesh down first, or goose-mesh up --engine ${before.engine}.`,
      },
    );
  }
  const screen = await openScreen(
    {
      title: `goose-mesh up: ${project.spec.name}`,
      facts: [
        `engine: ${engine.name} (${reason})`,
        describeIsolation(engine.name),
        `model: ${project.spec.model.label}`,
      ],
      services: listServices(project.spec),
    },
    options,
  );
  const startedAt = performance.now();
  try {
    await interruptible((signal) =>
      bringUp(project, engine, {
        signal,
        onProgress: (progress) => {
          screen.progress(progress);
        },
      }),
    );
  } catch (error) {
    await screen.finish({ good: false, text: 'The mesh is not up.' });
    throw error;
  }
  const duration_ms = Math.round(performance.now() - startedAt);
  const controller = await engine.address('controller');
  await screen.finish({
    good: true,
    text: `The mesh is up after ${(duration_ms / 1000).toFixed(1)} s. Controller: ${controller ?? '?'}`,
  });
  const { name: mesh } = project.spec;
  createOutput(options.json).print({ mesh, engine: engine.name, reason, controller, duration_ms });
}

import type { Command } from 'commander';
import type { Client } from '../client/client.ts';
import { globalOptions } from './global-options.ts';
import { createOutput, type Output } from './output.ts';
import { openProject } from './project.ts';
import { requireRunningMesh } from './running-mesh.ts';

/** Runs the work of a command with a client of the mesh that is up, and closes it afterwards. */
export async function withClient(
  command: Command,
  work: (client: Client, output: Output) => Promise<void>,
): Promise<void> {
  const options = globalOptions(command);
  const mesh = await requireRunningMesh(await openProject(options));
  const client = mesh.client(options.as);
  try {
    await work(client, createOutput(options.json));
  } finally {
    await client.close();
  }
}

import type { Command } from 'commander';
import type { Agent } from '../../core/agent.ts';
import { isMeshError } from '../../core/errors.ts';
import { showControls } from '../../core/text.ts';
import { globalOptions } from '../global-options.ts';
import { createOutput } from '../output.ts';
import { openProject } from '../project.ts';
import { renderAgents } from '../render-agents.ts';
import { BRIEF, type RunningMesh, requireRunningMesh, requireServices } from '../running-mesh.ts';
import { showTime } from '../show.ts';
import { renderTable } from '../table.ts';
import { readWaiting, renderWaiting, type Waiting } from '../waiting.ts';

const UNFINISHED =
  'An `up` is under way or was interrupted: `goose-mesh up` finishes it, `goose-mesh down` takes it back.';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('Show the services of the mesh, its agents, and what waits for people')
    .action(async (_options: unknown, command: Command) => {
      const options = globalOptions(command);
      const mesh = await requireRunningMesh(await openProject(options));
      const [services, { agents, waiting, missing }] = await Promise.all([
        requireServices(mesh),
        askController(mesh, options.as),
      ]);
      const { record } = mesh;
      const lines = waiting === undefined ? [] : renderWaiting(waiting);
      createOutput(options.json).print(
        { ...record, services, agents, agents_missing: missing, waiting },
        () =>
          [
            `${record.mesh} on ${record.engine}, model ${record.model}`,
            ...(record.state === 'starting' ? [UNFINISHED] : []),
            '',
            renderTable(services, [
              { title: 'SERVICE', value: ({ service }) => service },
              { title: 'STATE', value: ({ state }) => state },
              { title: 'RESTARTS', value: ({ restarts }) => restarts },
              { title: 'STARTED', value: ({ startedAt }) => showTime(startedAt) },
              { title: 'ADDRESS', value: ({ address }) => address },
              { title: 'ID', value: ({ id }) => id.slice(0, 12) },
            ]),
            '',
            agents === null
              ? `Nothing is known of the agents. ${showControls(missing ?? '')}`
              : renderAgents(agents),
            ...(lines.length === 0 ? [] : ['', ...lines]),
          ].join('\n'),
      );
    });
}

/** What the controller knows. */
interface Known {
  readonly agents: readonly Agent[] | null;
  readonly waiting?: Waiting;
  /** Why nothing is known of them. */
  readonly missing?: string;
}

/** Agents are known to the controller alone, which may be what somebody wants to know the status of. */
async function askController(mesh: RunningMesh, user: string | undefined): Promise<Known> {
  const client = mesh.client(user, BRIEF);
  try {
    const agents = await client.agents.list();
    return { agents, waiting: await readWaiting(client, agents) };
  } catch (error) {
    if (!isMeshError(error)) throw error;
    return { agents: null, missing: error.message };
  } finally {
    await client.close();
  }
}

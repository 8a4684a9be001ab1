import type { Command } from 'commander';
import { globalOptions } from '../global-options.ts';
import { createOutput } from '../output.ts';
import { openProject } from '../project.ts';
import { requireRunningMesh } from '../running-mesh.ts';
import { renderTable } from '../table.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('Show the services of the mesh and its agents')
    .action(async (_options: unknown, command: Command) => {
      const options = globalOptions(command);
      const mesh = await requireRunningMesh(await openProject(options));
      const services = await mesh.engine.status();
      const client = mesh.client(options.as);
      const agents = await client.agents.list().catch(() => undefined);
      await client.close();
      createOutput(options.json).print({ ...mesh.record, services, agents: agents ?? null }, () =>
        [
          `${mesh.record.mesh} on ${mesh.record.engine}, model ${mesh.record.model}`,
          '',
          renderTable(services, [
            { title: 'SERVICE', value: ({ service }) => service },
            { title: 'STATE', value: ({ state }) => state },
            { title: 'RESTARTS', value: ({ restarts }) => restarts },
            { title: 'STARTED', value: ({ startedAt }) => startedAt },
            { title: 'ADDRESS', value: ({ address }) => address },
            { title: 'ID', value: ({ id }) => id.slice(0, 12) },
          ]),
          '',
          agents === undefined
            ? 'The controller does not answer, so nothing is known of the agents.'
            : renderTable(agents, [
                { title: 'AGENT', value: ({ name }) => name },
                { title: 'ROLE', value: ({ role }) => role },
                { title: 'STATE', value: ({ status }) => status },
                { title: 'GOOSE', value: ({ goose_version }) => goose_version },
                { title: 'LAST SEEN', value: ({ last_seen_at }) => last_seen_at },
                { title: 'REASON', value: ({ reason }) => reason },
              ]),
        ].join('\n'),
      );
    });
}

import type { Command } from 'commander';
import { renderAgent, renderAgents } from '../render-agents.ts';
import { withClient } from '../with-client.ts';

export function addAgent(program: Command): void {
  const agent = program.command('agent').description('Agents: who works in the roles of the mesh');

  agent
    .command('list')
    .description('List the agents that have reported, by name')
    .action((_options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const agents = await client.agents.list();
        output.print(agents, () => renderAgents(agents));
      }),
    );

  agent
    .command('retire')
    .description('Declare an agent gone for good: others of its role take over its sessions')
    .argument('<name>', 'of the agent')
    .addHelpText(
      'after',
      '\nStop it first: one that lives is ready again with its next sign of life. Without this command an agent\n' +
        'is gone when it was not seen for agent_gone_seconds, or when mesh.yaml has it no longer.',
    )
    .action((name: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const retired = await client.agents.retire(name);
        output.print(retired, () => renderAgent(retired));
      }),
    );
}

import { z } from 'zod';
import { listAgents as listKnown } from '../../store/agents.ts';
import { typesFrom } from '../work/targets.ts';
import { defineTool } from './tool.ts';

export const listAgents = defineTool({
  name: 'list_agents',
  description:
    'Show the roles that you may address, what they are for, which types of tasks you may send them, whether they may read what is privileged, and whether an agent of theirs is there.',
  input: z.object({}),
  async run(deps, { by }) {
    const agents = await listKnown(deps.db);
    const roles = deps.config.profiles.flatMap((profile) => {
      const types = typesFrom(deps, by, profile);
      if (types === undefined) return [];
      const { role, description, policies } = profile;
      const present = agents.some((agent) => agent.role === role && agent.status === 'ready');
      return [{ role, description, types, privileged: policies.privileged, present }];
    });
    return { roles };
  },
});

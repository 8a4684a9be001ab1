import { z } from 'zod';
import { listReadyRoles } from '../../store/agents.ts';
import { typesFrom } from '../work/targets.ts';
import { defineTool } from './tool.ts';

export const listAgents = defineTool({
  name: 'list_agents',
  description:
    'Show the roles that you may address, what they are for, which types of tasks you may send them, whether they may read what is privileged, and whether an agent of theirs is there.',
  input: z.object({}),
  async run(deps, { by }) {
    const ready = await listReadyRoles(deps.db);
    const roles = deps.config.profiles.flatMap((profile) => {
      const types = typesFrom(deps, by, profile);
      if (types === undefined) return [];
      const { role, description, policies } = profile;
      return [{ role, description, types, privileged: policies.privileged, present: ready.has(role) }];
    });
    return { roles };
  },
});

import { z } from 'zod';
import { listAgents as listKnown } from '../../store/agents.ts';
import { findProfile } from '../work/profiles.ts';
import { defineTool } from './tool.ts';

export const listAgents = defineTool({
  name: 'list_agents',
  description:
    'Show the roles that you may address, what they are for, and whether an agent of theirs is there.',
  input: z.object({}),
  async run(deps, { by }) {
    const agents = await listKnown(deps.db);
    const targets = new Set(by.roles.flatMap((role) => findProfile(deps, role).policies.targets));
    return {
      roles: deps.config.profiles
        .filter(({ role }) => targets.has(role))
        .map(({ role, description }) => {
          const present = agents.some((agent) => agent.role === role && agent.status === 'ready');
          return { role, description, present };
        }),
    };
  },
});

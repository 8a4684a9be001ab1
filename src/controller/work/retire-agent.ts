import type { Agent } from '../../core/agent.ts';
import type { Principal } from '../../core/identity.ts';
import { markRetired } from '../../store/agents.ts';
import { listHeldLeases } from '../../store/tasks/release.ts';
import type { Deps } from '../deps.ts';
import { giveBack } from './give-back.ts';
import { notFound } from './not-found.ts';

/**
 * Declares an agent gone at once, instead of waiting until nobody has seen it for long: what it holds is put back, and
 * the others of its role take over its sessions. One that lives after all is ready again with its next sign of life.
 *
 * @throws MeshError not_found
 */
export async function retireAgent(deps: Deps, by: Principal, name: string): Promise<Agent> {
  const { agent, leases } = await deps.db.transaction(async (tx) => {
    const retired = await markRetired(tx, { name, reason: `retired by ${by.actor}`, actor: by.actor });
    if (retired === undefined) throw notFound('agent', name);
    return { agent: retired, leases: await listHeldLeases(tx, name) };
  });
  // What it has is not for a claim of its own that still hangs.
  deps.bell.dismiss(name);
  await giveBack(deps, leases, `agent:${name} was retired`);
  return agent;
}

import type { Agent, RegisterAgent } from '../../core/agent.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { registerAgent as storeAgent } from '../../store/agents.ts';
import { listHeldLeases } from '../../store/tasks/release.ts';
import type { Deps } from '../deps.ts';
import { hideForLog } from './data-rules.ts';
import { giveBack } from './give-back.ts';

/**
 * Notes that an agent is ready, refuses to work, or stops, and gives back at once what its earlier life held, or what
 * it holds when it stops.
 *
 * @throws MeshError forbidden (about another agent), conflict (a goodbye of an instance that has a successor)
 */
export async function registerAgent(
  deps: Deps,
  by: Principal,
  name: string,
  report: RegisterAgent,
): Promise<Agent> {
  const [role] = by.roles;
  if (name !== by.name || role === undefined) {
    throw new MeshError('forbidden', `${by.actor} may report only about itself, not about ${name}.`);
  }
  const reason = report.reason === undefined ? undefined : hideForLog(report.reason);
  // One transaction, in which the agent's row is locked: a successor can register, and so claim, only after it. What is
  // listed here is therefore never the successor's.
  const { agent, leases } = await deps.db.transaction(async (tx) => {
    const registered = await storeAgent(tx, { ...report, reason, name, role });
    if (registered === undefined) throw succeeded(name, report.instance);
    const isOver = registered.previousInstance !== report.instance || report.status === 'stopped';
    return { agent: registered.agent, leases: isOver ? await listHeldLeases(tx, name) : [] };
  });
  await giveBack(deps, leases, `${by.actor} was restarted`);
  return agent;
}

function succeeded(name: string, instance: string): MeshError {
  return new MeshError('conflict', `Agent ${name} does not run as instance ${instance} any more.`, {
    hint: 'Nothing needs to be done: what the instance held was given back when its successor registered.',
  });
}

import type { Agent } from '../core/agent.ts';
import { showTime } from './show.ts';
import { renderFields, renderTable } from './table.ts';

export function renderAgents(agents: readonly Agent[]): string {
  return renderTable(agents, [
    { title: 'AGENT', value: ({ name }) => name },
    { title: 'ROLE', value: ({ role }) => role },
    { title: 'STATE', value: ({ status }) => status },
    { title: 'GOOSE', value: ({ goose_version }) => goose_version },
    { title: 'LAST SEEN', value: ({ last_seen_at }) => showTime(last_seen_at) },
    { title: 'REASON', value: ({ reason }) => reason },
  ]);
}

/** One agent as people read it. */
export function renderAgent({ name, role, status, reason, goose_version, last_seen_at }: Agent): string {
  return renderFields({
    agent: name,
    role,
    state: status,
    reason,
    goose: goose_version,
    'last seen': showTime(last_seen_at),
  });
}

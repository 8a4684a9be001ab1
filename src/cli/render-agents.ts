import type { Agent } from '../core/agent.ts';
import { renderTable } from './table.ts';

export function renderAgents(agents: readonly Agent[]): string {
  return renderTable(agents, [
    { title: 'AGENT', value: ({ name }) => name },
    { title: 'ROLE', value: ({ role }) => role },
    { title: 'STATE', value: ({ status }) => status },
    { title: 'GOOSE', value: ({ goose_version }) => goose_version },
    { title: 'LAST SEEN', value: ({ last_seen_at }) => last_seen_at },
    { title: 'REASON', value: ({ reason }) => reason },
  ]);
}

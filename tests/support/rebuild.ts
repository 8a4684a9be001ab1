import { expect } from 'vitest';
import type { MeshEvent } from '../../src/core/event.ts';
import type { Sql } from './histories.ts';

type Row = Record<string, unknown>;
type Tables = Record<
  'sessions' | 'tasks' | 'approvals' | 'decisions' | 'notifications' | 'agents',
  Map<string, Row>
>;

/** What the log must be able to tell of every row: all but texts, and times that only the row itself has. */
const ROWS: Record<keyof Tables, string> = {
  sessions: `select id as key, role, agent, owner, task_id, trace_id, conversation, status, version from sessions`,
  tasks: `select id as key, type, source, source_session_id, asked_session_id, owner, target, currency, priority,
            wait, status, attempts, agent, session_id, parent_id, approval_id, outcome, dead_letter, ended_by, trace_id,
            max_attempts, retry_of from tasks`,
  approvals: `select id as key, task_id, session_id, requester, requester_role, owner, amount::float8, currency, policy,
                required, status, used_at is not null as used, trace_id from approvals`,
  decisions: `select approval_id || '/' || seat as key, role, actor, decision from approval_decisions`,
  notifications: `select id as key, source, target, task_id, trace_id from notifications`,
  agents: `select name as key, role, status, instance, goose_version from agents`,
};

/** Every change of a row has its event: what the log tells from its beginning is what the tables hold. */
export async function expectRebuilt(sql: Sql): Promise<void> {
  const events = await sql<MeshEvent>(
    'select seq, kind, actor, subject, owner, trace_id, data from events order by seq',
  );
  const rebuilt = rebuild(events);
  for (const [table, query] of Object.entries(ROWS)) {
    const rows = await sql<Row & { key: string }>(query);
    const found = new Map(rows.map(({ key, ...row }) => [key, row]));
    const told = rebuilt[table as keyof Tables];
    expect([...told.keys()].sort(), `the keys of ${table}`).toEqual([...found.keys()].sort());
    for (const [key, row] of found) expect({ table, key, ...told.get(key) }).toEqual({ table, key, ...row });
  }
}

function rebuild(events: readonly MeshEvent[]): Tables {
  const tables: Tables = {
    sessions: new Map(),
    tasks: new Map(),
    approvals: new Map(),
    decisions: new Map(),
    notifications: new Map(),
    agents: new Map(),
  };
  for (const event of events) apply(tables, event);
  return tables;
}

function apply(tables: Tables, { kind, actor, subject, owner, trace_id, data }: MeshEvent): void {
  const key = subject.slice(subject.indexOf(':') + 1);
  const change = (table: keyof Tables, row: Row) =>
    tables[table].set(key, { ...tables[table].get(key), ...row });
  const take = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, data[name] ?? null]));
  switch (kind) {
    case 'session.created': {
      change('sessions', {
        ...take('role', 'agent', 'task_id'),
        owner,
        trace_id,
        conversation: null,
        status: 'pending',
        version: 0,
      });
      const task = tables.tasks.get(textOf(data['task_id']));
      if (task !== undefined) task['session_id'] = key;
      return;
    }
    case 'session.activated':
    case 'session.paused':
    case 'session.resumed':
    case 'session.completed':
    case 'session.failed':
    case 'session.expired':
      change('sessions', { status: data['to'], version: data['version'] });
      return;
    case 'session.conversed':
      change('sessions', take('conversation'));
      return;
    case 'session.moved':
      change('sessions', { agent: data['to'], conversation: null });
      return;
    case 'session.deleted':
      tables.sessions.delete(key);
      return;
    case 'task.routed':
      change('tasks', {
        ...take(
          'type',
          'target',
          'currency',
          'priority',
          'wait',
          'parent_id',
          'approval_id',
          'source_session_id',
        ),
        ...take('asked_session_id', 'max_attempts', 'retry_of'),
        source: actor,
        owner,
        trace_id,
        status: 'pending',
        attempts: 0,
        agent: null,
        session_id: null,
        outcome: null,
        dead_letter: false,
        ended_by: null,
      });
      return;
    case 'task.edited':
      change('tasks', take('priority', 'parent_id'));
      return;
    case 'task.claimed':
      change('tasks', { status: 'active', agent: actor.replace('agent:', ''), attempts: data['attempt'] });
      return;
    case 'task.released':
      change('tasks', { status: 'pending' });
      return;
    case 'task.completed':
    case 'task.failed':
    case 'task.cancelled':
      change('tasks', {
        ...take('outcome'),
        status: kind.slice('task.'.length),
        dead_letter: data['dead_letter'] ?? false,
        ended_by: actor,
      });
      return;
    case 'approval.requested':
      change('approvals', {
        ...take('task_id', 'session_id', 'requester_role', 'amount', 'currency', 'policy', 'required'),
        requester: actor,
        owner,
        trace_id,
        status: 'pending',
        used: false,
      });
      return;
    case 'approval.decided':
      tables.decisions.set(`${key}/${textOf(data['seat'])}`, { ...take('role', 'decision'), actor });
      return;
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired':
    case 'approval.withdrawn':
      change('approvals', { status: kind.slice('approval.'.length) });
      return;
    case 'approval.used':
      change('approvals', { used: true });
      return;
    case 'notification.sent':
      change('notifications', { ...take('target', 'task_id'), source: actor, trace_id });
      return;
    case 'agent.ready':
    case 'agent.refused':
    case 'agent.stopped':
    case 'agent.gone': {
      const version = data['goose_version'] ?? tables.agents.get(key)?.['goose_version'] ?? null;
      change('agents', {
        ...take('role', 'instance'),
        status: kind.slice('agent.'.length),
        goose_version: version,
      });
      return;
    }
    default:
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

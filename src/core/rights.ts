import type { Principal, PrincipalKind } from './identity.ts';

/**
 * Who may use which routes. A right is `noun:verb`; what is not listed is denied. Ownership (a person sees only
 * what is theirs, an agent only its own work) is checked beside this, where the row is known.
 */
const RIGHTS = {
  'sessions:create': ['admin', 'user'],
  'sessions:read': ['admin', 'user', 'agent'],
  'sessions:transition': ['admin', 'user', 'agent'],
  'sessions:edit': ['admin', 'user'],
  'sessions:delete': ['admin', 'user'],
  'sessions:report': ['agent'],
  'tasks:route': ['admin', 'user', 'agent'],
  'tasks:read': ['admin', 'user', 'agent'],
  'tasks:work': ['agent'],
  'tasks:cancel': ['admin', 'user'],
  'tasks:retry': ['admin', 'user'],
  'tasks:edit': ['admin', 'user'],
  'approvals:request': ['agent'],
  'approvals:read': ['admin', 'user', 'agent'],
  'approvals:decide': ['admin', 'user', 'agent'],
  'policies:read': ['admin', 'user'],
  'agents:read': ['admin', 'user', 'agent'],
  'agents:register': ['agent'],
  'agents:retire': ['admin'],
  'profiles:read': ['admin', 'agent', 'guard'],
  'events:read': ['admin', 'user', 'agent', 'guard'],
  'audit:read': ['admin'],
  'guard:report': ['guard'],
  'guard:permit': ['guard'],
  'guard:modes': ['admin', 'guard'],
  'guard:switch': ['admin'],
  'guard:audit': ['admin'],
  'tools:call': ['agent'],
  'migrations:read': ['admin'],
  'migrations:apply': ['admin'],
  'metrics:read': ['admin'],
  'openapi:read': ['admin', 'user', 'agent', 'guard'],
} as const satisfies Record<string, readonly PrincipalKind[]>;

export type Right = keyof typeof RIGHTS;

export function hasRight(principal: Principal, right: Right): boolean {
  const holders: readonly PrincipalKind[] = RIGHTS[right];
  return holders.includes(principal.kind);
}

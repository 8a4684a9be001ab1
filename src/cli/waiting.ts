import type { Client } from '../client/client.ts';
import type { Agent } from '../core/agent.ts';
import type { Approval } from '../core/approval.ts';
import type { Page } from '../core/page.ts';
import { canBeMet, openSeats } from '../core/policy/progress.ts';

/** Tasks that failed after all their attempts, until somebody sends them anew. */
export const DEAD_LETTERS = { dead_letter: 'true', retried: 'false' } as const;

/** The longest page. */
const MOST = 500;

/** What waits for people, as far as the one who asks may see it. */
export interface Waiting {
  /** Open approvals. */
  readonly approvals: number;
  /** Those of them that no agents can decide without a person. */
  readonly approvals_for_people: number;
  readonly dead_letters: number;
  /** True if there are more than were counted. */
  readonly more: boolean;
}

export async function readWaiting(client: Client, agents: readonly Agent[]): Promise<Waiting> {
  const [approvals, deadLetters] = await Promise.all([
    client.approvals.list({ status: 'pending', limit: MOST }),
    client.tasks.list({ ...DEAD_LETTERS, limit: MOST }),
  ]);
  const roles = new Set(agents.flatMap(({ role, status }) => (status === 'gone' ? [] : [role])));
  return {
    approvals: approvals.items.length,
    approvals_for_people: approvals.items.filter((approval) => needsPerson(approval, roles)).length,
    dead_letters: deadLetters.items.length,
    more: [approvals, deadLetters].some(({ next }: Page<unknown>) => next !== null),
  };
}

/** Whether the steps that are open cannot be met by agents of these roles alone. */
export function needsPerson(approval: Approval, roles: ReadonlySet<string>): boolean {
  const forPeople = openSeats(approval).filter(
    ({ who, role }) => who === 'human' || role === null || !roles.has(role),
  );
  return !canBeMet(approval, new Set(forPeople.map(({ seat }) => seat)));
}

/** A line for each thing that waits, with the command that shows it; none if nothing does. */
export function renderWaiting({
  approvals,
  approvals_for_people: forPeople,
  dead_letters,
  more,
}: Waiting): string[] {
  const atLeast = more ? 'At least ' : '';
  const whose =
    forPeople === 0 ? 'agents may decide all of them' : `${forPeople} can only be decided by people`;
  return [
    ...(approvals === 0
      ? []
      : [
          `${atLeast}${count(approvals, 'open approval')} (${whose}): goose-mesh approval list --status pending`,
        ]),
    ...(dead_letters === 0
      ? []
      : [`${atLeast}${count(dead_letters, 'dead letter')}: goose-mesh task list --dead-letter`]),
  ];
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

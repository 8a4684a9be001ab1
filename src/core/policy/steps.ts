import type { ApprovalSeat, ApprovalStep } from '../approval.ts';
import { canonicalJson } from '../json.ts';
import type { ApprovalRule, ApproverEntry, PlaceEntry } from '../policy.ts';
import type { Demand } from './compile.ts';

/** Who asks, and what the org chart says of them. */
export interface Asker {
  /** The role that asks consents by asking. */
  readonly role: string;
  /** The actor who is the manager of the requester or the owner; undefined: there is none. */
  managerOf(whom: 'requester' | 'owner'): string | undefined;
}

type DraftSeat = Omit<ApprovalSeat, 'seat'>;
type DraftStep = Omit<ApprovalStep, 'seats' | 'escalate_to'> & {
  readonly seats: readonly DraftSeat[];
  readonly escalate_to: readonly DraftSeat[];
};

/**
 * What must be agreed to before the demand is met, beside what the asker has consented to by asking. Two rules that
 * name the same approver need one decision of theirs, at the earlier of its places. Empty: nobody is left to ask.
 */
export function planSteps(demand: Demand, asker: Asker): readonly ApprovalStep[] {
  const drafts = demand.rules.flatMap((rule) => planRule(rule, asker));
  const distinct = drafts
    .filter((draft, index) => !isCovered(draft, index, drafts))
    .toSorted((a, b) => a.stage - b.stage);
  const stages = [...new Set(distinct.map(({ stage }) => stage))];
  let seats = 0;
  const number = (seat: DraftSeat): ApprovalSeat => ({ seat: seats++, ...seat });
  return distinct.map((draft) => ({
    ...draft,
    stage: stages.indexOf(draft.stage),
    seats: draft.seats.map(number),
    escalate_to: draft.escalate_to.map(number),
  }));
}

function planRule(rule: ApprovalRule, asker: Asker): readonly DraftStep[] {
  const escalateTo = (rule.escalate_to ?? []).flatMap((entry) => seatOf(entry, asker));
  return rule.approvers.flatMap((entry, index) => {
    const { need, seats } = placesOf(entry, asker);
    if (need === 0) return [];
    return {
      rule: rule.id,
      label: labelOf(entry, asker),
      stage: rule.order === 'sequence' ? index : 0,
      need,
      seats,
      deadline_hours: escalateTo.length === 0 ? null : (rule.deadline_hours ?? null),
      escalate_to: escalateTo,
    };
  });
}

/** The seats of an entry without those of the asker's own role, which count as agreeing. */
function placesOf(entry: ApproverEntry, asker: Asker): { need: number; seats: readonly DraftSeat[] } {
  const isAny = typeof entry !== 'string' && 'any' in entry;
  const places = isAny ? entry.of : [entry];
  const consents = places.filter((place) => isConsent(place, asker)).length;
  return {
    need: Math.max(0, (isAny ? entry.any : 1) - consents),
    seats: places.flatMap((place) => seatOf(place, asker)).filter(isFirstOfPerson),
  };
}

/** The managers of the requester and of the owner may be one, who has one seat. */
function isFirstOfPerson({ person }: DraftSeat, index: number, seats: readonly DraftSeat[]): boolean {
  return person === null || seats.findIndex((seat) => seat.person === person) === index;
}

/** By asking, an agent consents for its role, but not for the people of that role. */
function isConsent(entry: PlaceEntry, { role }: Asker): boolean {
  if (typeof entry === 'string') return entry === role;
  return 'role' in entry && entry.role === role && entry.who !== 'human';
}

function seatOf(entry: PlaceEntry, asker: Asker): readonly DraftSeat[] {
  if (isConsent(entry, asker)) return [];
  if (typeof entry === 'string') return [{ role: entry, person: null, who: 'any' }];
  if ('role' in entry) return [{ role: entry.role, person: null, who: entry.who }];
  const person = asker.managerOf(entry['manager-of']);
  return person === undefined ? [] : [{ role: null, person, who: 'human' }];
}

/** True if a decision that another rule demands, or that the same person makes, will do for this one as well. */
function isCovered(draft: DraftStep, index: number, drafts: readonly DraftStep[]): boolean {
  const isPersonal = isSingle(draft) && draft.seats[0]?.person !== null;
  return drafts.some((other, at) => {
    if (other.rule === draft.rule && !isPersonal) return false;
    if (isStricter(other, draft)) return true;
    const same = canonicalJson([other.need, other.seats]) === canonicalJson([draft.need, draft.seats]);
    return same && (other.stage - draft.stage || at - index) < 0;
  });
}

/** The same one role, but only people of it, or only agents. */
function isStricter(other: DraftStep, draft: DraftStep): boolean {
  if (!isSingle(other) || !isSingle(draft)) return false;
  const [theirs, ours] = [other.seats[0], draft.seats[0]];
  return theirs?.role === ours?.role && theirs?.role !== null && ours?.who === 'any' && theirs?.who !== 'any';
}

const isSingle = ({ need, seats }: DraftStep) => need === 1 && seats.length === 1;

/** How people read who must approve: manager, cfo (human), manager of the owner, 2 of finance, legal and hr. */
export function labelOf(entry: ApproverEntry, asker?: Pick<Asker, 'managerOf'>): string {
  if (typeof entry === 'string') return entry;
  if ('role' in entry) return entry.who === 'any' ? entry.role : `${entry.role} (${entry.who})`;
  if ('any' in entry) return `${entry.any} of ${entry.of.map((place) => labelOf(place, asker)).join(', ')}`;
  const person = asker?.managerOf(entry['manager-of']);
  return `manager of the ${entry['manager-of']}${person === undefined ? '' : ` (${person})`}`;
}

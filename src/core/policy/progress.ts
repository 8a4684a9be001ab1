import type { Approval, ApprovalSeat, ApprovalStep } from '../approval.ts';

/** How far an approval has come: what is decided, and what may be decided now. */
export interface ApprovalProgress {
  readonly steps: readonly ApprovalStep[];
  readonly stage: number;
  readonly escalated: readonly number[];
  readonly decisions: readonly Pick<Approval['decisions'][number], 'seat' | 'decision'>[];
}

export type StepState = 'waiting' | 'open' | 'approved' | 'rejected';

/** The seats of a step that may be taken: after its deadline those of the escalation too. */
export function seatsOf({ escalated }: ApprovalProgress, step: ApprovalStep, index: number) {
  return escalated.includes(index) ? [...step.seats, ...step.escalate_to] : step.seats;
}

/**
 * Where a step stands. It is approved when as many have agreed as it needs. A rejection counts for good: it is
 * rejected when too few of those who were asked first are left, whoever may decide since its escalation.
 */
export function stateOf(progress: ApprovalProgress, step: ApprovalStep): StepState {
  const all = new Set([...step.seats, ...step.escalate_to].map(({ seat }) => seat));
  const made = progress.decisions.filter(({ seat }) => all.has(seat));
  const rejections = made.filter(({ decision }) => decision === 'reject').length;
  if (rejections > Math.max(0, step.seats.length - step.need)) return 'rejected';
  if (made.length - rejections >= step.need) return 'approved';
  return step.stage > progress.stage ? 'waiting' : 'open';
}

/** What the decisions come to, and the stage that they lead to. */
export function judge(progress: ApprovalProgress): {
  readonly verdict: 'approved' | 'rejected' | 'pending';
  readonly stage: number;
} {
  const { steps, stage } = progress;
  const states = steps.map((step) => stateOf(progress, step));
  if (states.includes('rejected')) return { verdict: 'rejected', stage };
  const left = steps.filter((_step, index) => states[index] !== 'approved');
  if (left.length === 0) return { verdict: 'approved', stage };
  return { verdict: 'pending', stage: Math.min(...left.map((step) => step.stage)) };
}

/** The seats in which a decision may be made now. */
export function openSeats(progress: ApprovalProgress): readonly ApprovalSeat[] {
  const taken = new Set(progress.decisions.map(({ seat }) => seat));
  return progress.steps.flatMap((step, index) =>
    stateOf(progress, step) === 'open'
      ? seatsOf(progress, step, index).filter(({ seat }) => !taken.has(seat))
      : [],
  );
}

/** Every seat that there is or may come to be. */
export function allSeats(steps: readonly ApprovalStep[]): readonly ApprovalSeat[] {
  return steps.flatMap(({ seats, escalate_to }) => [...seats, ...escalate_to]);
}

/** The roles that have or may come to have a seat. */
export function rolesAsked(steps: readonly ApprovalStep[]): readonly string[] {
  return allSeats(steps).flatMap(({ role }) => (role === null ? [] : [role]));
}

/** The steps that escalate next, and how many hours after the stage began; undefined: none does. */
export function nextEscalation(
  progress: ApprovalProgress,
): { readonly hours: number; readonly steps: readonly number[] } | undefined {
  const left = progress.steps.flatMap((step, index) => {
    const { deadline_hours: hours } = step;
    const isLeft = !progress.escalated.includes(index) && stateOf(progress, step) === 'open';
    return hours !== null && isLeft ? [{ hours, index }] : [];
  });
  if (left.length === 0) return undefined;
  const hours = Math.min(...left.map((step) => step.hours));
  return { hours, steps: left.filter((step) => step.hours === hours).map(({ index }) => index) };
}

/** Steps for whom the org chart names too few people: those of the escalation decide from the start. */
export function escalatedFromStart(steps: readonly ApprovalStep[]): readonly number[] {
  return steps.flatMap(({ need, seats }, index) => (seats.length < need ? [index] : []));
}

/** False if a step cannot be met any more without the seats that were lost: those who were asked gave up on it. */
export function canBeMet(progress: ApprovalProgress, lost: ReadonlySet<number>): boolean {
  const against = progress.decisions.filter(({ decision }) => decision === 'reject').map(({ seat }) => seat);
  const gone = new Set([...lost, ...against]);
  return progress.steps.every(
    (step, index) =>
      stateOf(progress, step) === 'approved' ||
      seatsOf(progress, step, index).filter(({ seat }) => !gone.has(seat)).length >= step.need,
  );
}

import type { MeshEvent } from '../../core/event.ts';
import type { ExpectEvent } from '../schema.ts';
import { describeConditions, findUnmet } from './condition.ts';
import type { ExpectContext } from './context.ts';
import { UnmetError } from './unmet-error.ts';

/** Events after which nothing more can be hoped for, unless just they are expected. */
const ENDS_BADLY = new Set<MeshEvent['kind']>(['task.failed', 'task.cancelled']);
const NEAREST = 5;

/** Waits for an event. A run whose own task has failed is not waited for any longer. */
export async function expectEvent(
  context: ExpectContext,
  expectation: ExpectEvent,
  leftMs: number,
): Promise<void> {
  const { observer, values } = context;
  const { event: kind, where, as } = expectation;
  const found = await observer.waitFor((events) => {
    const match = events.find((event) => event.kind === kind && findUnmet(event, where, values).length === 0);
    return match ?? events.find((event) => endsRun(event, context.rootTaskId));
  }, leftMs);
  if (found?.kind !== kind) throw unmet(context, expectation, found);
  if (as !== undefined) values[as] = { ...found, id: found.subject.slice(found.subject.indexOf(':') + 1) };
}

function endsRun(event: MeshEvent, rootTaskId: string): boolean {
  return ENDS_BADLY.has(event.kind) && event.subject === `task:${rootTaskId}`;
}

function unmet(
  { observer, values }: ExpectContext,
  { event: kind, where }: ExpectEvent,
  end: MeshEvent | undefined,
): UnmetError {
  const conditions = describeConditions(where, values);
  const sameKind = observer.events.filter((event) => event.kind === kind);
  const nearest = (sameKind.length > 0 ? sameKind : observer.events).slice(-NEAREST).map(describeEvent);
  const seen =
    end === undefined ? 'no such event in time' : `the run's own task ended: ${describeEvent(end)}`;
  return new UnmetError({
    expected: `event ${kind}${conditions === '' ? '' : ` where ${conditions}`}`,
    seen,
    nearest,
  });
}

function describeEvent({ seq, kind, actor, subject, data }: MeshEvent): string {
  return `#${seq} ${kind} by ${actor} on ${subject} ${JSON.stringify(data)}`;
}

import type { MeshEvent } from '../core/event.ts';
import type { Progress } from '../core/progress.ts';
import { describeEvent } from './describe-event.ts';
import type { ScreenOptions, ScreenState } from './screen.ts';

/** Lines of the feed that are kept: as many as any terminal shows below the rest. */
const FEED_LENGTH = 12;

export function startState({ title, facts }: ScreenOptions): ScreenState {
  return { title, facts, services: [], steps: [], feed: [], verdict: undefined };
}

/** The state after a service moved on. `startedAt` remembers when each service showed up first. */
export function withProgress(
  state: ScreenState,
  { service, state: moved, detail }: Progress,
  startedAt: Map<string, number>,
  now: number,
): ScreenState {
  const first = startedAt.get(service) ?? now;
  startedAt.set(service, first);
  const line = { name: service, state: moved, detail, ms: Math.round(now - first) };
  const known = state.services.some(({ name }) => name === service);
  const services = known
    ? state.services.map((other) => (other.name === service ? line : other))
    : [...state.services, line];
  return { ...state, services };
}

export function withEvent(state: ScreenState, event: MeshEvent): ScreenState {
  const line = describeEvent(event);
  return line === undefined ? state : { ...state, feed: [...state.feed, line].slice(-FEED_LENGTH) };
}

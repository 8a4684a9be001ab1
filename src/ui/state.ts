import type { MeshEvent } from '../core/event.ts';
import type { Progress } from '../core/progress.ts';
import { showControls } from '../core/text.ts';
import { describeEvent } from './describe-event.ts';
import type { ScreenOptions, ScreenState, ScreenStep, ServiceLine } from './screen.ts';

/** Lines of the feed that are kept: as many as any terminal shows below the rest. */
const FEED_LENGTH = 12;

export function startState({ title, facts, services }: ScreenOptions): ScreenState {
  const lines = services.map(
    (name): ServiceLine => ({ name, state: 'waiting', detail: undefined, ms: undefined }),
  );
  return { title, facts, services: lines, steps: [], feed: [], verdict: undefined };
}

/** The state after a service moved on, `elapsedMs` after the beginning. What is not of the plan, the image, comes first. */
export function withProgress(state: ScreenState, progress: Progress, elapsedMs: number): ScreenState {
  const { service: name, state: moved } = progress;
  // Why a service failed is told in full when all is over.
  const [detail] = progress.detail?.split('\n').map(show) ?? [];
  const before = state.services.find((line) => line.name === name);
  const ms = moved === 'ready' ? Math.round(elapsedMs) : before?.ms;
  const line: ServiceLine = { name, state: moved, detail, ms };
  const services =
    before === undefined
      ? [line, ...state.services]
      : state.services.map((other) => (other === before ? line : other));
  return { ...state, services };
}

export function withEvent(state: ScreenState, event: MeshEvent): ScreenState {
  const line = describeEvent(event);
  return line === undefined ? state : { ...state, feed: [...state.feed, line].slice(-FEED_LENGTH) };
}

/** The state with the steps as they stand now. What they saw may be texts of agents and models. */
export function withSteps(state: ScreenState, steps: readonly ScreenStep[]): ScreenState {
  return { ...state, steps: steps.map(showStep) };
}

function showStep({ name, failure, ...rest }: ScreenStep): ScreenStep {
  const shown = failure && {
    expected: show(failure.expected),
    seen: show(failure.seen),
    nearest: failure.nearest.map(show),
  };
  return { ...rest, name: show(name), failure: shown };
}

function show(text: string): string {
  return showControls(text, { oneLine: true });
}

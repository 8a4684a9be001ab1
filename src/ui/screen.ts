import type { MeshEvent } from '../core/event.ts';
import type { Progress } from '../core/progress.ts';
import type { StepResult } from '../core/run.ts';

/** What there is to see while a mesh comes up, works through a scenario, or goes down. */
export interface ScreenState {
  readonly title: string;
  /** Facts under the title: engine and why, model. */
  readonly facts: readonly string[];
  readonly services: readonly ServiceLine[];
  readonly steps: readonly ScreenStep[];
  readonly feed: readonly FeedLine[];
  /** The last word, when all is over. */
  readonly verdict: { readonly good: boolean; readonly text: string } | undefined;
}

/** A step of a scenario, or a check of a suite: those stand under the name of their case. */
export interface ScreenStep extends StepResult {
  readonly group?: string;
  /** Why it was skipped. */
  readonly reason?: string | null;
}

export interface ServiceLine {
  readonly name: string;
  readonly state: Progress['state'];
  readonly detail: string | undefined;
  /** Milliseconds from the beginning until it was ready; undefined before. */
  readonly ms: number | undefined;
}

export interface FeedLine {
  readonly seq: number;
  readonly role: string | undefined;
  readonly text: string;
}

/** Shows a state, again and again, until it is closed. */
export interface Screen {
  progress(progress: Progress): void;
  event(event: MeshEvent): void;
  steps(steps: readonly ScreenStep[]): void;
  finish(verdict: { readonly good: boolean; readonly text: string }): Promise<void>;
}

export interface ScreenOptions {
  readonly title: string;
  readonly facts: readonly string[];
  /** Names of the services, in the order in which they are shown. */
  readonly services: readonly string[];
}

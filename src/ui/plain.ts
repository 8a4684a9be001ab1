import type { StepResult } from '../core/run.ts';
import { describeEvent } from './describe-event.ts';
import { formatMs } from './format.ts';
import type { Screen, ScreenOptions, ScreenStep } from './screen.ts';
import { startState, withProgress, withSteps } from './state.ts';

/** The same story as lines of text: for pipes, CI and screen readers. Each fact is told once, when it is so. */
export function openPlainScreen(options: ScreenOptions, write: (line: string) => void): Screen {
  let state = startState(options);
  let group: string | undefined;
  const startedAt = performance.now();
  write(options.title);
  for (const fact of options.facts) write(`  ${fact}`);

  return {
    progress(progress) {
      state = withProgress(state, progress, performance.now() - startedAt);
      const { service } = progress;
      const { ms = 0, detail } = state.services.find(({ name }) => name === service) ?? {};
      const time = progress.state === 'ready' ? ` after ${formatMs(ms)}` : '';
      write(`  ${service}: ${progress.state}${time}${detail === undefined ? '' : ` (${detail})`}`);
    },
    event(event) {
      const line = describeEvent(event);
      if (line !== undefined) write(`    ${line.role === undefined ? '' : `[${line.role}] `}${line.text}`);
    },
    steps(steps) {
      const told = state.steps;
      state = withSteps(state, steps);
      for (const [index, step] of state.steps.entries()) {
        const isNew = told[index]?.status !== step.status;
        if (!isNew || step.status === 'waiting' || step.status === 'running') continue;
        if (step.group !== undefined && step.group !== group) write(`  ${step.group}`);
        group = step.group;
        for (const line of tellStep(step)) write(line);
      }
    },
    finish({ text }) {
      write(text);
      return Promise.resolve();
    },
  };
}

const MARKS: Readonly<Record<StepResult['status'], string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  skipped: 'skip',
  running: '... ',
  waiting: '    ',
};

function tellStep({ name, status, at_ms, failure, reason }: ScreenStep): readonly string[] {
  const time = at_ms === null || status === 'skipped' ? '' : `  ${formatMs(at_ms)}`;
  const why = reason == null ? '' : ` (${reason})`;
  return [
    `  ${MARKS[status]} ${name}${time}${why}`,
    ...(failure === null
      ? []
      : [
          `       expected: ${failure.expected}`,
          `       seen:     ${failure.seen}`,
          ...failure.nearest.map((line) => `       near:     ${line}`),
        ]),
  ];
}

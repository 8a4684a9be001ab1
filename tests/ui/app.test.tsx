import { render } from 'ink-testing-library';
import { expect, test } from 'vitest';
import { App } from '../../src/ui/components/app.tsx';
import { startState, withEvent, withProgress } from '../../src/ui/state.ts';
import { makeEvent, makeStep } from './support.ts';

const OPTIONS = { title: 'goose-mesh up', facts: ['engine: docker'], services: ['database', 'controller'] };

function draw(state: ReturnType<typeof startState>, rows = 24): string {
  return render(<App state={state} rows={rows} />).lastFrame() ?? '';
}

test('services are shown in their order, with the time until each was ready', () => {
  let state = withProgress(
    startState(OPTIONS),
    { service: 'controller', state: 'waiting', detail: 'database' },
    5,
  );
  state = withProgress(state, { service: 'database', state: 'ready' }, 1234);
  const lines = draw(state).split('\n');
  expect(lines[3]).toMatch(/● database\s+ready\s+1\.2 s/);
  expect(lines[4]).toMatch(/· controller\s+waiting\s+database/);
});

test('when a scenario runs, services that are up make room in one line', () => {
  let state = startState(OPTIONS);
  for (const service of OPTIONS.services) state = withProgress(state, { service, state: 'ready' }, 900);
  const frame = draw({ ...state, steps: [makeStep({ name: 'A person asks', status: 'running' })] });
  expect(frame).toContain('● 2 services ready after 900 ms');
  expect(frame).not.toContain('controller');
});

test('an image that is built comes first, and is no service when it is done', () => {
  let state = withProgress(startState(OPTIONS), { service: 'image', state: 'building', detail: 'node' }, 10);
  expect(draw(state).split('\n')[3]).toMatch(/◌ image\s+building\s+node/);
  for (const service of ['image', ...OPTIONS.services])
    state = withProgress(state, { service, state: 'ready' }, 900);
  const frame = draw({ ...state, steps: [makeStep({ name: 'A person asks', status: 'running' })] });
  expect(frame).toContain('● 2 services ready after 900 ms');
});

test('services that were taken down after the run are called stopped, not missing', () => {
  let state = startState(OPTIONS);
  for (const service of OPTIONS.services) state = withProgress(state, { service, state: 'stopped' }, 900);
  const verdict = { good: true, text: 'PASSED' };
  const frame = draw({ ...state, verdict, steps: [makeStep({ name: 'A person asks', status: 'passed' })] });
  expect(frame).toContain('○ 2 of 2 services stopped');
});

test('services that did not come up are not called ready', () => {
  const state = withProgress(startState(OPTIONS), { service: 'database', state: 'failed' }, 10);
  const verdict = { good: false, text: 'FAILED' };
  const frame = draw({ ...state, verdict, steps: [makeStep({ name: 'A person asks', status: 'waiting' })] });
  expect(frame).toContain('✗ 0 of 2 services ready');
});

test('a failed step says what was expected and what was seen', () => {
  const failure = {
    expected: 'event task.completed',
    seen: 'no such event in time',
    nearest: ['#7 task.failed'],
  };
  const steps = [makeStep({ name: 'It is done', status: 'failed', at_ms: 60_000, failure })];
  const frame = draw({ ...startState(OPTIONS), steps });
  expect(frame).toContain('✗ It is done');
  expect(frame).toContain('expected: event task.completed');
  expect(frame).toContain('seen: no such event in time');
  expect(frame).toContain('near: #7 task.failed');
});

test('the frame stays lower than the terminal, however long the feed is', () => {
  let state = startState({ ...OPTIONS, services: [] });
  for (let seq = 1; seq <= 50; seq += 1) {
    state = withEvent(state, makeEvent({ seq, kind: 'task.claimed', data: { type: `task-${seq}` } }));
  }
  const frame = draw({ ...state, steps: [makeStep({ name: 'One', status: 'running' })] }, 16);
  expect(frame.split('\n').length).toBeLessThan(16);
  expect(frame).toContain('task-50');
});

test('cases stand in a line each, but for what is just being checked and what has failed', () => {
  const failure = { expected: 'a time', seen: 'none', nearest: [] };
  const steps = [
    { ...makeStep({ name: 'It is pending', status: 'passed', at_ms: 5 }), group: 'create' },
    { ...makeStep({ name: 'It has a time', status: 'failed', at_ms: 9, failure }), group: 'pause' },
    { ...makeStep({ name: 'It is paused', status: 'passed', at_ms: 9 }), group: 'pause' },
    { ...makeStep({ name: 'It is active', status: 'running' }), group: 'resume' },
    { ...makeStep({ name: 'It expires', status: 'skipped' }), group: 'time-out', reason: 'not ours' },
  ];
  const frame = draw({ ...startState(OPTIONS), services: [], steps });
  expect(frame).toMatch(/✓ create +5 ms\n✗ pause +9 ms\n {2}✗ It has a time/);
  expect(frame).toMatch(/seen: none\n◌ resume *\n {2}◌ It is active *\n- time-out \(not ours\)/);
  expect(frame).not.toContain('It is pending');
  expect(frame).not.toContain('It is paused');
});

import { render } from 'ink';
import { App } from './components/app.tsx';
import type { Screen, ScreenOptions } from './screen.ts';
import { startState, withEvent, withProgress, withSteps } from './state.ts';

/** Draws the screen live in a terminal. What stands there at the end stays in the scroll-back. */
export function openLiveScreen(options: ScreenOptions, stdout: NodeJS.WriteStream): Screen {
  let state = startState(options);
  const startedAt = performance.now();
  // Ctrl-C is the command's own business: it has things to take down.
  const ink = render(<App state={state} rows={stdout.rows} />, {
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const show = (next: typeof state) => {
    state = next;
    ink.rerender(<App state={state} rows={stdout.rows} />);
  };

  return {
    progress(progress) {
      show(withProgress(state, progress, performance.now() - startedAt));
    },
    event(event) {
      show(withEvent(state, event));
    },
    steps(steps) {
      show(withSteps(state, steps));
    },
    async finish(verdict) {
      show({ ...state, verdict });
      ink.unmount();
      await ink.waitUntilExit();
    },
  };
}

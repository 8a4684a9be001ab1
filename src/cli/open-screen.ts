import { openPlainScreen } from '../ui/plain.ts';
import type { Screen, ScreenOptions } from '../ui/screen.ts';

/** Live in a terminal, lines everywhere else, nothing at all beside JSON. Ink is loaded only where it is used. */
export async function openScreen(
  options: ScreenOptions,
  { json, plain }: { readonly json: boolean; readonly plain: boolean },
): Promise<Screen> {
  if (json) return SILENT;
  const isLive =
    !plain && process.stdout.isTTY && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb';
  if (!isLive) return openPlainScreen(options, (line) => process.stdout.write(`${line}\n`));
  const { openLiveScreen } = await import('../ui/live.tsx');
  return openLiveScreen(options, process.stdout);
}

const SILENT: Screen = {
  progress: () => undefined,
  event: () => undefined,
  steps: () => undefined,
  finish: () => Promise.resolve(),
};

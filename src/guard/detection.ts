import type { PrivacyPolicy } from '../core/privacy.ts';
import type { DetectOptions } from '../detect/detect.ts';
import { createDirectory } from '../detect/directory/directory.ts';
import type { Judge } from '../detect/knowledge.ts';
import type { AskDetector } from './external-detector/ask.ts';
import type { LiveKnowledge } from './knowledge.ts';
import type { Masker } from './mask.ts';

/** How the texts of one request are read. */
export type Detection = Omit<DetectOptions, 'field'>;

/** Decides that, before anything is masked. `walk` shows every text of the request to a masker. */
export type PrepareDetection = (
  privacy: Pick<PrivacyPolicy, 'mode'> & Partial<Pick<PrivacyPolicy, 'kinds' | 'thresholds'>>,
  walk: (masker: Masker) => void,
  signal: AbortSignal,
) => Promise<Detection>;

/**
 * Where a further detector is configured it is asked once, with all texts; what it found counts in this request
 * wherever it stands, and is forgotten with it. Without one nothing waits.
 */
export function createPrepareDetection(
  knowledge: LiveKnowledge,
  ask: AskDetector | undefined,
): PrepareDetection {
  return async ({ mode, kinds, thresholds }, walk, signal) => {
    const { judge } = knowledge;
    if (ask === undefined || mode === 'bypass') return { kinds, thresholds, judge };
    const texts: string[] = [];
    walk(createCollector(texts));
    const found = createDirectory();
    for (const entry of await ask(texts, signal)) found.add(entry);
    const judgeAll: Judge = (reading, spans) => {
      const more = [...spans, ...found.find(reading.text)];
      return judge === undefined ? more : judge(reading, more);
    };
    return { kinds, thresholds, judge: judgeAll };
  };
}

/** Changes nothing, and keeps what it sees. */
function createCollector(texts: string[]): Masker {
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  return {
    text(text) {
      texts.push(text);
      return text;
    },
    json(value) {
      collect(value);
      return value;
    },
  };
}

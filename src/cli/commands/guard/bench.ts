import type { Command } from 'commander';
import { MeshError } from '../../../core/errors.ts';
import { findRegressions, readBaseline } from '../../../detect/accuracy/baseline.ts';
import { measureCases } from '../../../detect/accuracy/cases.ts';
import { readDataset } from '../../../detect/accuracy/dataset.ts';
import { measureAccuracy } from '../../../detect/accuracy/measure.ts';
import { globalOptions } from '../../global-options.ts';
import { createOutput } from '../../output.ts';
import { renderAccuracy, renderCases } from '../../render-accuracy.ts';

interface BenchOptions {
  readonly dataset: string;
  readonly baseline?: string;
}

export function addGuardBench(guard: Command): void {
  guard
    .command('bench')
    .description('Measure recall and precision on texts in which personal data is labelled')
    .requiredOption('--dataset <file>', 'JSON: texts with spans, or cases of single values')
    .option('--baseline <file>', 'fail if a figure is worse than in this earlier `guard bench --json`')
    .addHelpText(
      'after',
      '\nA text is {"full_text", "spans": [{"entity_type", "start_position", "end_position"}]}, as Presidio Research writes it.' +
        '\nA case is {"source", "entities", "text", "expected"}: how many values a detector alone finds.' +
        '\nFigures come three times: for spans found exactly, for spans found in part, and for characters.\n' +
        '\nExample:' +
        '\n  goose-mesh guard bench --dataset labelled.json --json > baseline.json' +
        '\n  goose-mesh guard bench --dataset labelled.json --baseline baseline.json',
    )
    .action(async ({ dataset: path, baseline }: BenchOptions, command: Command) => {
      const output = createOutput(globalOptions(command).json);
      const dataset = await readDataset(path);
      const before = baseline === undefined ? undefined : await readBaseline(baseline);
      if (dataset.form === 'cases') {
        const accuracy = measureCases(dataset.cases);
        output.print(accuracy, () => renderCases(accuracy));
        refuseRegressions(before, accuracy);
      } else {
        const accuracy = measureAccuracy(dataset.documents);
        output.print(accuracy, () => renderAccuracy(accuracy));
        refuseRegressions(before, accuracy);
      }
    });
}

function refuseRegressions(before: unknown, now: object): void {
  const worse = before === undefined ? [] : findRegressions(before, now);
  if (worse.length === 0) return;
  const shown = worse.slice(0, 8).map(({ figure, was, is }) => `${figure}: ${was}, now ${is ?? 'missing'}`);
  const more = worse.length > shown.length ? `; and ${worse.length - shown.length} more` : '';
  throw new MeshError('expectation_failed', `Worse than the baseline: ${shown.join('; ')}${more}.`);
}

import type { Command } from 'commander';
import { detect } from '../../../detect/detect.ts';
import { globalOptions } from '../../global-options.ts';
import { createOutput } from '../../output.ts';
import { readText } from '../../read-text.ts';
import { paintFindings, renderFindings } from '../../render-guard.ts';

export function addGuardScan(guard: Command): void {
  guard
    .command('scan')
    .description('Show the personal data that the detectors find in a text')
    .argument('<file>', 'with the text; - for standard input')
    .addHelpText(
      'after',
      '\nOn a terminal the text is shown with what was found in colour, else one finding a line. Needs no mesh.' +
        '\n\nExample:\n  goose-mesh guard scan letter.txt --json',
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const text = await readText(file);
      const findings = detect(text).map((span) => ({ ...span, text: text.slice(span.start, span.end) }));
      const { json, plain } = globalOptions(command);
      const isPainted = process.stdout.isTTY && !plain;
      createOutput(json).print(findings, () =>
        isPainted ? paintFindings(text, findings) : renderFindings(text, findings),
      );
    });
}

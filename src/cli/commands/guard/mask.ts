import type { Command } from 'commander';
import { showControls } from '../../../core/text.ts';
import { maskAlone } from '../../../guard/mask-alone.ts';
import { globalOptions } from '../../global-options.ts';
import { createOutput } from '../../output.ts';
import { readText } from '../../read-text.ts';

export function addGuardMask(guard: Command): void {
  guard
    .command('mask')
    .description('Print a text as a model would get it: with placeholders for personal data')
    .argument('<file>', 'with the text, which may be JSON; - for standard input')
    .addHelpText(
      'after',
      '\nThe same value has the same placeholder throughout the text, and another one the next time. Needs no mesh.' +
        '\n\nExample:\n  goose-mesh guard mask letter.txt > letter.masked.txt',
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const masked = maskAlone(await readText(file));
      if (globalOptions(command).json) createOutput(true).print(masked);
      // A file gets the text to the byte; a terminal must not obey it.
      else process.stdout.write(process.stdout.isTTY ? showControls(masked.text) : masked.text);
    });
}

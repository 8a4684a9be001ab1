import type { Command } from 'commander';
import type { Finding } from '../diagnose.ts';
import { globalOptions } from '../global-options.ts';
import { createOutput } from '../output.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' };

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Check what this machine has and lacks, and how to get it')
    .action(async (_options: unknown, command: Command) => {
      const { diagnose } = await import('../diagnose.ts');
      const findings = await diagnose();
      createOutput(globalOptions(command).json).print(findings, () => findings.map(render).join('\n'));
      if (findings.some(({ state }) => state === 'fail')) process.exitCode = 3;
    });
}

function render({ state, name, found, hint }: Finding): string {
  return `${MARKS[state]} ${name}: ${found}${hint === undefined ? '' : `\n       Try: ${hint}`}`;
}

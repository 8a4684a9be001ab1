import type { Command } from 'commander';
import { parseCount, parseId } from '../../parse.ts';
import { parseTime } from '../../parse-audit.ts';
import { renderCalls } from '../../render-guard.ts';
import { renderPage } from '../../table.ts';
import { withClient } from '../../with-client.ts';

interface AuditOptions {
  readonly agent?: string;
  readonly session?: string;
  readonly task?: string;
  readonly since?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function addGuardAudit(guard: Command): void {
  guard
    .command('audit')
    .description(
      'List calls to models, newest first: kinds and counts, tokens, cost and times, never content',
    )
    .option('--agent <name>', 'of this agent')
    .option('--session <id>', 'of this session', parseId)
    .option('--task <id>', 'of this task, in all its attempts', parseId)
    .option('--since <time>', 'not before, such as 2026-11-22 or 2026-11-22T09:30:00Z', parseTime)
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .addHelpText(
      'after',
      '\nA cost of - is not known: the price table lacks the model (`prices` of mesh.yaml), or the provider told no tokens.',
    )
    .action((query: AuditOptions, command: Command) =>
      withClient(command, async (client, output) => {
        const page = await client.guard.calls({ ...query });
        output.print(page, () => renderPage(page, renderCalls));
      }),
    );
}

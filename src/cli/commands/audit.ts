import type { Command } from 'commander';
import { type LogVerdict, verifyLog } from '../../client/verify-log.ts';
import { MeshError } from '../../core/errors.ts';
import { exportEvents } from '../export-events.ts';
import { parseHash, parseTime } from '../parse-audit.ts';
import { readSealPin } from '../seal-pin.ts';
import { renderFields } from '../table.ts';
import { withClient } from '../with-client.ts';

interface VerifyOptions {
  readonly fromSeal?: string;
  readonly expect?: string;
}

interface ExportOptions {
  readonly kind?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly trace?: string;
  readonly since?: string;
  readonly until?: string;
}

export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('The event log: proof that nobody changed it, and a copy of it');

  audit
    .command('verify')
    .description(
      'Recompute the hash chain over the event log, and name what was changed, is missing or was put in',
    )
    .option('--from-seal <file>', 'only what came after the last seal of an earlier `audit verify --json`')
    .option(
      '--expect <hash>',
      'the chain must have this seal, which an earlier `audit verify` printed',
      parseHash,
    )
    .addHelpText(
      'after',
      '\nWho can write to the database can write the whole chain anew. Keep the hash of the last seal elsewhere, and' +
        '\ngive it to the next verification:' +
        '\n  goose-mesh audit verify --json > last.json' +
        '\n  goose-mesh audit verify --from-seal last.json',
    )
    .action(({ fromSeal, expect }: VerifyOptions, command: Command) =>
      withClient(command, async ({ audit: log }, output) => {
        const from = fromSeal === undefined ? undefined : await readSealPin(fromSeal);
        const verdict = await verifyLog(log, { from, expect });
        output.print(verdict, () => renderVerdict(verdict));
        if (verdict.finding === null) return;
        throw new MeshError(
          'expectation_failed',
          `The log is not what was sealed: ${verdict.finding.text}.`,
          {
            hint: 'Keep a copy of the database as it is now; `goose-mesh audit export` copies the log.',
          },
        );
      }),
    );

  audit
    .command('export')
    .description('Print the event log as NDJSON, oldest first')
    .option('--kind <kinds>', 'kinds or nouns, such as task.routed,approval')
    .option('--actor <actor>', 'who did it, such as agent:finance')
    .option('--subject <subject>', 'what it happened to, such as task:<id>')
    .option('--trace <id>', 'what one request caused')
    .option('--since <time>', 'not before, such as 2026-11-22 or 2026-11-22T09:30:00Z', parseTime)
    .option('--until <time>', 'before', parseTime)
    .addHelpText(
      'after',
      '\nExample:\n  goose-mesh audit export --kind approval --since 2026-11-01 > approvals.ndjson',
    )
    .action(({ trace, ...filter }: ExportOptions, command: Command) =>
      withClient(command, ({ audit: log }, output) =>
        exportEvents(log, { ...filter, trace_id: trace }, output.closed),
      ),
    );
}

function renderVerdict({ ok, seals, events, unsealed, last_seal, pruned }: LogVerdict): string {
  return renderFields({
    'the log': ok ? 'is what was sealed' : 'is not what was sealed',
    verified: `${events} events in ${seals} seals`,
    pruned: pruned === null ? undefined : `up to event ${pruned.last_seq}, as the log itself says`,
    ...(ok ? { 'not sealed yet': `${unsealed} events` } : {}),
    'last seal': last_seal === null ? undefined : `${last_seal.number}, up to event ${last_seal.last_seq}`,
    hash: last_seal?.hash,
  });
}

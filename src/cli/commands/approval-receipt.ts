import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import { verifyReceipt } from '../../client/receipt.ts';
import type { ReceiptClaims } from '../../core/approval.ts';
import { MeshError, messageOf } from '../../core/errors.ts';
import { globalOptions } from '../global-options.ts';
import { createOutput } from '../output.ts';
import { parseId } from '../parse.ts';
import { openProject } from '../project.ts';
import { readKeyFile, readMeshKeys } from '../receipt-keys.ts';
import { renderFields } from '../table.ts';
import { withClient } from '../with-client.ts';

/** Receipts: what an approval gives, and how anybody checks it later. */
export function addReceipt(approval: Command): void {
  approval
    .command('receipt')
    .description('Print the receipt of an approval, and nothing else')
    .argument('<id>', 'of the approval', parseId)
    .addHelpText('after', '\nExample:\n  goose-mesh approval receipt 3f0c… > approval.jws')
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const { receipt, status } = await client.approvals.get(id);
        if (receipt === null) {
          throw new MeshError(
            'conflict',
            `Approval ${id} is ${status}; only one that was approved has a receipt.`,
          );
        }
        output.print({ receipt }, () => receipt);
      }),
    );

  approval
    .command('verify')
    .description('Check a receipt with the public key of the mesh, which need not be up')
    .argument('<file>', 'with the receipt; - for standard input')
    .option(
      '--keys <file>',
      'public keys as /.well-known/jwks.json serves them (default: of the mesh of this folder)',
    )
    .addHelpText('after', VERIFY_HELP)
    .action(verify);
}

const VERIFY_HELP = `
Exits with 1 if the receipt does not hold: it was altered, signed with a key that the mesh does not have,
or has expired; with 2 if it is no receipt. It lets its task complete once: whether it has, only the
controller knows (\`goose-mesh approval show\`, used_at).

Examples:
  goose-mesh approval verify approval.jws
  goose-mesh approval receipt 3f0c… | goose-mesh approval verify - --keys jwks.json`;

async function verify(file: string, { keys }: { keys?: string }, command: Command): Promise<void> {
  const options = globalOptions(command);
  const jwks = keys === undefined ? await readMeshKeys(await openProject(options)) : await readKeyFile(keys);
  const claims = await verifyReceipt(await readReceipt(file), jwks);
  createOutput(options.json).print(claims, () => renderClaims(claims));
}

async function readReceipt(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new MeshError('usage', `Cannot read the receipt in ${file}: ${messageOf(error)}.`, {
      cause: error,
    });
  });
}

function renderClaims({
  iss,
  jti,
  sub,
  amount,
  currency,
  decision,
  approvers,
  iat,
  exp,
}: ReceiptClaims): string {
  return `The receipt is valid.\n\n${renderFields({
    approval: jti,
    task: sub,
    amount: amount === null ? null : `${amount} ${currency ?? ''}`.trimEnd(),
    decision,
    approvers: approvers.map(({ role, actor }) => `${role}: ${actor}`).join('\n'),
    mesh: iss,
    issued: toTime(iat),
    expires: toTime(exp),
  })}`;
}

const toTime = (seconds: number) => new Date(seconds * 1000).toISOString();

import type { Command } from 'commander';
import type { ApprovalDecision } from '../../core/approval.ts';
import { parseCount, parseId } from '../parse.ts';
import { renderApproval, renderApprovals } from '../render-approval.ts';
import { renderPage } from '../table.ts';
import { withClient } from '../with-client.ts';
import { addPolicy } from './approval-policy.ts';
import { addReceipt } from './approval-receipt.ts';

interface ListOptions {
  readonly status?: string;
  readonly mine?: true;
  readonly limit: number;
  readonly cursor?: string;
}

export function addApproval(program: Command): void {
  const approval = program.command('approval').description('Approvals: decisions that policy demands');

  approval
    .command('list')
    .description('List approvals, newest first')
    .option('--status <status>', 'pending, approved, rejected, expired or withdrawn')
    .option('--mine', 'only what waits for your decision')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action(({ mine, ...query }: ListOptions, command: Command) =>
      withClient(command, async (client, output) => {
        const page = await client.approvals.list({ ...query, ...(mine === true ? { mine: 'true' } : {}) });
        output.print(page, () => renderPage(page, renderApprovals));
      }),
    );

  approval
    .command('show')
    .description('Show an approval: its steps, decisions, rules and receipt')
    .argument('<id>', 'of the approval', parseId)
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const found = await client.approvals.get(id);
        const rules = output.json ? undefined : await client.policies.get(found.policy_digest);
        output.print(found, () => renderApproval(found, rules?.policy));
      }),
    );

  addDecision(approval, 'approve', 'Approve a request');
  addDecision(approval, 'reject', 'Reject a request');
  addReceipt(approval);
  addPolicy(approval);
}

function addDecision(parent: Command, decision: ApprovalDecision, description: string): void {
  parent
    .command(decision)
    .description(`${description}; it cannot be taken back`)
    .argument('<id>', 'of the approval', parseId)
    .requiredOption('--comment <text>', 'why, for the one who asked')
    .option('--role <role>', 'the role to decide in, for people who have several')
    .action((id: string, { comment, role }: { comment: string; role?: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const decided = await client.approvals.decide(id, {
          decision,
          comment,
          ...(role === undefined ? {} : { role }),
        });
        output.print(decided, () => renderApproval(decided));
      }),
    );
}

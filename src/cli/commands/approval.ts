import type { Command } from 'commander';
import type { Approval, ApprovalDecision } from '../../core/approval.ts';
import { parseCount, parseId } from '../parse.ts';
import { renderFields, renderTable } from '../table.ts';
import { withClient } from '../with-client.ts';
import { addReceipt } from './approval-receipt.ts';

export function addApproval(program: Command): void {
  const approval = program.command('approval').description('Approvals: decisions that policy demands');

  approval
    .command('list')
    .description('List approvals, newest first')
    .option('--status <status>', 'pending, approved, rejected, expired or withdrawn')
    .option('--limit <n>', 'how many', parseCount, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action((query: { status?: string; limit: number; cursor?: string }, command: Command) =>
      withClient(command, async (client, output) => {
        const page = await client.approvals.list(query);
        output.print(page, () => renderApprovals(page.items));
      }),
    );

  approval
    .command('show')
    .description('Show an approval with its decisions and receipt')
    .argument('<id>', 'of the approval', parseId)
    .action((id: string, _options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const found = await client.approvals.get(id);
        output.print(found, () => renderApproval(found));
      }),
    );

  addDecision(approval, 'approve', 'Approve a request');
  addDecision(approval, 'reject', 'Reject a request');
  addReceipt(approval);
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

function renderApproval({ decisions, required, ...approval }: Approval): string {
  const made = decisions.map(
    ({ role, actor, decision, comment }) => `${role}: ${decision} by ${actor}: ${comment}`,
  );
  return renderFields({
    ...approval,
    required: required.join(', '),
    decisions: made.join('\n') || undefined,
  });
}

function renderApprovals(approvals: readonly Approval[]): string {
  return renderTable(approvals, [
    { title: 'ID', value: ({ id }) => id },
    { title: 'STATUS', value: ({ status }) => status },
    { title: 'AMOUNT', value: ({ amount }) => amount },
    { title: 'ASKED BY', value: ({ requester }) => requester },
    { title: 'FOR', value: ({ required }) => required.join(', ') },
    { title: 'TASK', value: ({ task_id }) => task_id },
    { title: 'CREATED', value: ({ created_at }) => created_at },
  ]);
}

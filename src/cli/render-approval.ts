import type { Approval, ApprovalStep } from '../core/approval.ts';
import { seatsOf, stateOf } from '../core/policy/progress.ts';
import { labelOf } from '../core/policy/steps.ts';
import type { ApprovalPolicy, ApprovalRule } from '../core/policy.ts';
import { showAmount, showTime } from './show.ts';
import { renderFields, renderTable } from './table.ts';

/** An approval as people read it; with the rules by which it was asked for, if they are known. */
export function renderApproval(approval: Approval, policy?: ApprovalPolicy): string {
  const { decisions, steps, escalated } = approval;
  const made = decisions.map(({ role, actor, on_behalf_of, decision, comment }) => {
    const who = on_behalf_of === null ? actor : `${actor} for ${on_behalf_of}`;
    return `${role}: ${decision} by ${who}: ${comment}`;
  });
  return [
    renderFields({
      id: approval.id,
      status: approval.status,
      'closed because': approval.closed_reason,
      amount: showAmount(approval.amount, approval.currency),
      'asked by': approval.requester,
      task: approval.task_id,
      session: approval.session_id,
      policy: approval.policy,
      privileged: approval.privileged ? 'yes' : undefined,
      trace: approval.trace_id,
      created: showTime(approval.created_at),
      escalates: showTime(approval.due_at),
      expires: showTime(approval.expires_at),
      decided: showTime(approval.decided_at),
      used: showTime(approval.used_at),
      erased: showTime(approval.erased_at),
      reason: approval.reason,
      decisions: made.join('\n'),
      receipt: approval.receipt === null ? undefined : `goose-mesh approval receipt ${approval.id}`,
    }),
    renderTable(steps.map(toLine), [
      { title: 'STEP', value: (line) => line.stage },
      { title: 'WHO MUST APPROVE', value: ({ label }) => label },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'BY', value: ({ by }) => by },
      { title: 'RULE', value: ({ rule }) => rule },
    ]),
    ...(policy === undefined ? [] : [renderRules(policy, rulesOf(approval))]),
  ].join('\n\n');

  function toLine(step: ApprovalStep, index: number) {
    const seats = seatsOf(approval, step, index).map(({ seat }) => seat);
    const state = stateOf(approval, step);
    const isOver = approval.status !== 'pending' && state !== 'approved' && state !== 'rejected';
    return {
      ...step,
      stage: step.stage + 1,
      state: isOver ? 'not decided' : `${state}${escalated.includes(index) ? ', escalated' : ''}`,
      by: decisions
        .filter(({ seat }) => seats.includes(seat))
        .map(({ actor }) => actor)
        .join(', '),
    };
  }
}

/** The ids of the rules by which an approval was asked for: `v1/over-50k+travel` has two. */
const rulesOf = ({ policy }: Approval) => policy.slice(policy.indexOf('/') + 1).split('+');

export function renderApprovals(approvals: readonly Approval[]): string {
  return renderTable(approvals, [
    { title: 'ID', value: ({ id }) => id },
    { title: 'STATUS', value: ({ status }) => status },
    { title: 'AMOUNT', value: ({ amount, currency }) => showAmount(amount, currency) },
    { title: 'ASKED BY', value: ({ requester }) => requester },
    { title: 'FOR', value: ({ required }) => required.join(', ') },
    { title: 'TASK', value: ({ task_id }) => task_id },
    { title: 'CREATED', value: ({ created_at }) => showTime(created_at) },
  ]);
}

/** The rules of a policy, or only some of them. */
export function renderRules(policy: ApprovalPolicy, ids?: readonly string[]): string {
  const rules = policy.rules.filter(({ id }) => ids === undefined || ids.includes(id));
  return renderTable(rules, [
    { title: 'RULE', value: ({ id }) => id },
    { title: 'WHEN', value: (rule) => describeWhen(rule, policy.currency) },
    { title: 'WHO MUST APPROVE', value: describeWho },
    { title: 'AFTER', value: ({ deadline_hours: hours }) => (hours === undefined ? '' : `${hours} h`) },
    {
      title: 'ALSO',
      value: ({ escalate_to: others = [] }) => others.map((place) => labelOf(place)).join(', '),
    },
    { title: 'HOLDS', value: ({ valid_for_hours: hours }) => `${hours ?? policy.valid_for_hours} h` },
  ]);
}

function describeWhen({ types, over, where }: ApprovalRule, currency: string): string {
  const fields = Object.entries(where).map(([field, expected]) =>
    typeof expected === 'object'
      ? Object.entries(expected).map(([how, value]) => `${field} ${how} ${JSON.stringify(value)}`)
      : [`${field} is ${JSON.stringify(expected)}`],
  );
  const parts = [
    ...(types.includes('*') ? [] : [`type ${types.join(' or ')}`]),
    ...(over === undefined ? [] : [`over ${over.toLocaleString('en-US')} ${currency}`]),
    ...fields.flat(),
  ];
  return parts.length === 0 ? 'always' : parts.join(', ');
}

function describeWho({ approvers, order }: ApprovalRule): string {
  return approvers.map((entry) => labelOf(entry)).join(order === 'sequence' ? ', then ' : ' and ');
}

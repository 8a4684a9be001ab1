import type { MeshEvent } from '../core/event.ts';
import { showControls, truncate } from '../core/text.ts';
import type { FeedLine } from './screen.ts';

const MAX_TEXT = 100;

/** An event as one line for people; undefined for those that only machines care about. */
export function describeEvent(event: MeshEvent): FeedLine | undefined {
  const text = textOf(event);
  if (text === undefined) return undefined;
  // Of several agents of one role, the one that did it.
  const role = /^(?:agent|guard):(.+)$/.exec(event.actor)?.[1] ?? stringOf(event, 'role');
  return { seq: event.seq, role, text: truncate(showControls(text, { oneLine: true }), MAX_TEXT) };
}

function textOf(event: MeshEvent): string | undefined {
  const of = (key: string) => stringOf(event, key) ?? '?';
  const who = event.actor.replace(/^\w+:/, '');
  switch (event.kind) {
    case 'task.routed':
      return `${who} → ${of('target')}: ${of('type')}${amountOf(event)}`;
    case 'task.refused':
    case 'approval.refused':
    case 'task.completion_refused':
      return `${who} was refused: ${of('reason')}`;
    case 'task.claimed':
      return `${who} takes the ${of('type')}`;
    case 'task.released':
      return `the ${of('type')} goes back: ${of('reason')}`;
    case 'task.completed':
      return `${who} ends the ${of('type')}: ${of('outcome')}`;
    case 'task.edited':
      return `${who} edits the ${of('type')} of ${of('target')}: ${settingsOf(event)}`;
    case 'task.erased':
      return `the content of the ${of('type')} of ${of('target')} is erased`;
    case 'task.failed':
    case 'task.cancelled':
      return `the ${of('type')} of ${of('target')} is ${event.kind.slice('task.'.length)}: ${of('reason')}`;
    case 'approval.requested':
      return `${who} asks for approval by ${listOf(event, 'required')}${amountOf(event)}`;
    case 'approval.decided':
      return `${who} decides: ${of('decision')}`;
    case 'approval.advanced':
      return 'the next are asked to approve';
    case 'approval.escalated':
      return 'nobody decided by the deadline: others may decide too';
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired':
      return `the approval is ${event.kind.slice('approval.'.length)}`;
    case 'approval.withdrawn':
      return `the approval is withdrawn: ${of('reason')}`;
    case 'approval.erased':
      return 'the texts of the approval are erased';
    case 'policy.applied':
      return `version ${numberOf(event, 'version')} of the approval policy is in force`;
    case 'session.edited':
      return `${who} edits what is kept with the session`;
    case 'session.erased':
      return `the content of a session of ${of('role')} is erased`;
    case 'session.paused':
      return `${of('role')} waits`;
    case 'session.resumed':
      return `${of('role')} goes on`;
    case 'session.moved':
      return `${of('to')} takes over from ${of('from')}: ${of('reason')}`;
    case 'agent.gone':
      return `agent ${event.subject.replace('agent:', '')} is gone: ${of('reason')}`;
    case 'session.said':
      return saidIn(event);
    case 'session.interrupted':
      return `${of('role')} was interrupted: ${of('reason')}`;
    case 'notification.sent':
      return `${who} tells ${of('target')} something`;
    case 'notification.erased':
      return `what ${of('target')} was told is erased`;
    case 'log.pruned':
      return `events up to number ${numberOf(event, 'up_to')} are removed from the log`;
    case 'guard.called':
      return maskedBy(event);
    case 'guard.mode_set':
      return `${who} sets the guard of ${of('role')} to ${of('mode')}`;
    case 'agent.refused':
      return `${who} refuses to work: ${of('reason')}`;
    default:
      return undefined;
  }
}

/** Of some roles the log does not keep what was said. */
function saidIn(event: MeshEvent): string {
  const text = stringOf(event, 'text');
  return text === undefined ? '(what is said is not kept)' : `“${text}”`;
}

function maskedBy({ data }: MeshEvent): string | undefined {
  const counts = Object.entries((data['masked'] ?? {}) as Record<string, number>);
  if (typeof data['refused'] === 'string') return `the guard refuses a call: ${data['refused']}`;
  if (counts.length === 0) return undefined;
  return `the guard masks ${counts.map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
}

function amountOf({ data }: MeshEvent): string {
  const { amount, currency } = data;
  if (typeof amount !== 'number') return '';
  return `, ${amount.toLocaleString('en-US')} ${typeof currency === 'string' ? currency : ''}`.trimEnd();
}

function stringOf({ data }: MeshEvent, key: string): string | undefined {
  const value = data[key];
  return typeof value === 'string' ? value : undefined;
}

function numberOf({ data }: MeshEvent, key: string): string {
  const value = data[key];
  return typeof value === 'number' ? String(value) : '?';
}

/** What people may change of a task, as it is now. */
function settingsOf(event: MeshEvent): string {
  const deadline = stringOf(event, 'deadline');
  return [
    `priority ${numberOf(event, 'priority')}`,
    ...(deadline === undefined ? [] : [`until ${deadline}`]),
    ...(stringOf(event, 'parent_id') === undefined ? [] : ['beneath another task']),
  ].join(', ');
}

function listOf({ data }: MeshEvent, key: string): string {
  const value = data[key];
  return Array.isArray(value) ? value.map(String).join(' and ') : '?';
}

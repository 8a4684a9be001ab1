import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/core/json.ts';
import { NewTask } from '../../../src/core/task.ts';
import { startTestController } from '../../support/controller.ts';
import { startWork } from '../support/work.ts';

const SSN = '536-22-8724';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('by the digests in the database nobody can find out what was hidden from it', async () => {
  await using mesh = await startTestController();
  const task = { target: 'manager', type: 'request', description: `Call ${SSN}.` };
  await mesh.as('user:alice').tasks.route(task);
  const work = await startWork(mesh);
  await work.tools.call('notify', { role: 'manager', text: SSN });
  const rows = await mesh.sql<{ digest: string }>(
    'select request_hash as digest from tasks union all select idempotency_key from notifications',
  );
  const known = rows.map(({ digest }) => digest).join(' ');
  expect(known).toMatch(/[0-9a-f]{64}/);
  expect(known).not.toContain(sha256(canonicalJson(NewTask.parse(task))));
  for (const of of [canonicalJson(['manager', SSN]), JSON.stringify(['manager', SSN])])
    expect(known).not.toContain(sha256(of));
});

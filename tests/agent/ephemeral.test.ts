import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openRehearsal } from '../../src/scenario/rehearsal/admin.ts';
import { RehearsalScript } from '../../src/scenario/rehearsal/script.ts';
import { findInFiles } from '../support/find-in-files.ts';
import { findText } from '../support/find-text.ts';
import { startTestMesh } from '../support/mesh.ts';
import { findGoose } from './support/goose-processes.ts';
import { waitForEvent } from './support/wait.ts';

type Mesh = Awaited<ReturnType<typeof startTestMesh>>;

/** A role is told something, asks for an approval, and says what it was told once it has that. */
async function startAsking(mesh: Mesh, role: string, { pauseMs = 0 } = {}) {
  const marker = `marker-${randomUUID()}`;
  const traceId = randomUUID().replaceAll('-', '');
  const script = RehearsalScript.parse({
    [role]: [
      { call: { tool: 'request_approval', with: { reason: 'Please.' } }, pause_ms: pauseMs },
      { when: { after: 'request_approval' }, say: 'I wait.', pause_ms: pauseMs },
      { when: { told: 'approved by' }, take: { it: '(marker-[0-9a-f-]+)' }, say: 'Done with {{ it }}.' },
    ],
  });
  const rehearsal = await openRehearsal(mesh.model, traceId, script);
  const alice = mesh.controller.as('user:alice');
  const task = { target: role, description: `Look into ${marker}.`, amount: 20_000 };
  const { id } = await alice.tasks.route(task, { traceId });
  const happens = (kind: string) =>
    waitForEvent(mesh.controller, (event) => event.kind === kind && event.trace_id === traceId);
  return {
    id,
    traceId,
    marker,
    rehearsal,
    happens,
    approve: async () => {
      const { subject } = await happens('approval.requested');
      const decision = { decision: 'approve', comment: 'Yes.' } as const;
      await mesh.controller.as('user:bob').approvals.decide(subject.replace('approval:', ''), decision);
    },
  };
}

const dataOf = (mesh: Mesh, role: string) => join(mesh.dataDir, role);

/** Resolves when the agent has nothing of any session any more. */
async function isTidy(mesh: Mesh): Promise<void> {
  const roots = ['work', 'ephemeral', 'state/ephemeral'].map((root) => join(dataOf(mesh, 'legal'), root));
  await vi.waitUntil(
    async () => (await Promise.all(roots.map((root) => readdir(root)))).flat().length === 0,
    {
      timeout: 10_000,
    },
  );
}

test('Legal is left with nothing once its session has ended, and until then goes on where it was', async () => {
  await using mesh = await startTestMesh(['legal']);
  const { marker, happens, approve, rehearsal, id } = await startAsking(mesh, 'legal');
  const { subject } = await happens('session.paused');
  // While it waits its conversation is at rest: no Goose runs.
  await vi.waitUntil(async () => (await findGoose(dataOf(mesh, 'legal'))).length === 0, { timeout: 10_000 });
  const session = subject.replace('session:', '');
  const kept = await findInFiles(dataOf(mesh, 'legal'), marker);
  expect(kept.some((path) => path.startsWith(`ephemeral/${session}/data/sessions/`))).toBe(true);
  expect(kept.filter((path) => !path.includes(session))).toEqual([]);

  await approve();
  await happens('session.completed');
  const last = JSON.stringify((await rehearsal.readLedger()).at(-1)?.body);
  expect(last).toContain(marker);
  expect((await mesh.controller.as('user:alice').tasks.get(id)).result?.text).toBe(`Done with ${marker}.`);
  await happens('task.erased');
  await isTidy(mesh);
  expect(await findInFiles(dataOf(mesh, 'legal'), marker)).toEqual([]);
  // Alice may read the answer for a day.
  expect(await findText(mesh.controller, marker)).toEqual(['tasks.result']);
});

test('the same of finance is found', async () => {
  await using mesh = await startTestMesh(['finance']);
  const { marker, happens, approve } = await startAsking(mesh, 'finance');
  await approve();
  await happens('session.completed');
  const kept = await findInFiles(dataOf(mesh, 'finance'), marker);
  expect(kept.some((path) => path.startsWith('data/sessions/'))).toBe(true);
  expect(await findText(mesh.controller, marker)).toEqual([
    'events.data',
    'tasks.description',
    'tasks.result',
  ]);
});

test('sessions of Legal at the same time are each known for what they are', async () => {
  await using mesh = await startTestMesh(['legal']);
  const works = await Promise.all([1, 2, 3].map(() => startAsking(mesh, 'legal', { pauseMs: 200 })));
  await Promise.all(works.map(({ approve }) => approve()));
  for (const { happens, id, marker } of works) {
    await happens('session.completed');
    expect((await mesh.controller.as('user:alice').tasks.get(id)).result?.text).toBe(`Done with ${marker}.`);
  }
  const conversations = await mesh.controller.sql('select distinct conversation from sessions');
  expect(conversations).toHaveLength(1);
  await isTidy(mesh);
});

test('a session of Legal goes on after a SIGKILL of its Goose', async () => {
  await using mesh = await startTestMesh(['legal']);
  const { happens, approve, id, marker } = await startAsking(mesh, 'legal', { pauseMs: 400 });
  await happens('session.tool_called');
  const victims = await findGoose(join(dataOf(mesh, 'legal'), 'ephemeral'));
  expect(victims).toHaveLength(1);
  for (const pid of victims) process.kill(pid, 'SIGKILL');
  await happens('session.interrupted');
  await approve();
  await happens('session.completed');
  expect((await mesh.controller.as('user:alice').tasks.get(id)).result?.text).toBe(`Done with ${marker}.`);
  await isTidy(mesh);
});

test('a session of Legal that is ended while it waits leaves nothing either', async () => {
  await using mesh = await startTestMesh(['legal']);
  const { happens, id, marker } = await startAsking(mesh, 'legal');
  await happens('session.paused');
  await mesh.controller.as('user:alice').tasks.cancel(id, 'not needed');
  await isTidy(mesh);
  expect(await findInFiles(dataOf(mesh, 'legal'), marker)).toEqual([]);
});

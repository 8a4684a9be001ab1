import { expect, test } from 'vitest';
import { startTestController } from '../../support/controller.ts';
import { openStream } from '../support/stream.ts';
import { startWork } from '../support/work.ts';

test('an agent hears that its own sessions have ended, and nothing else of the log', async () => {
  await using mesh = await startTestController();
  const alice = mesh.as('user:alice');
  const others = await startWork(mesh, { target: 'manager' });
  const own = await startWork(mesh, { target: 'legal' });
  const last = await startWork(mesh, { target: 'legal' });
  await alice.tasks.cancel(others.task.id, 'off');
  await alice.tasks.cancel(own.task.id, 'off');
  await using stream = await openStream(mesh, 'agent:legal', { after: 0 });
  expect(await stream.next()).toMatchObject({ kind: 'session.failed', subject: `session:${own.sessionId}` });
  await alice.sessions.delete(own.sessionId);
  expect(await stream.next()).toMatchObject({ kind: 'session.deleted' });
  await last.tools.call('complete_task', { outcome: 'done', summary: 'Done.' });
  expect(await stream.next()).toMatchObject({
    kind: 'session.completed',
    subject: `session:${last.sessionId}`,
  });
});

import { PUBLIC_SESSION_EVENTS, type Session } from '../../core/session.ts';
import type { SuiteMesh } from '../mesh.ts';
import { defineCase } from '../suite.ts';

export const complete = defineCase({
  name: 'complete → completed',
  act: async (mesh) => ({
    completed: await mesh.createBy('activate', 'complete'),
    failed: await mesh.createBy('activate', 'fail'),
  }),
  checks: {
    'It is completed, with the time of its end': ({ completed: { id } }, mesh) =>
      mesh.expectSession(id, { status: 'completed', completed_at: { not: null }, failed_at: null }),
    'Its history and the log have that step': async ({ completed: { id, owner } }, mesh) => {
      await mesh.expectHistory(id, 'activate', 'complete');
      await mesh.expectEvent(id, 'session.completed', { actor: owner });
    },
    'Nothing leaves completed': ({ completed }, mesh) => expectEnd(completed, mesh),
    'Nothing leaves failed': async ({ failed }, mesh) => {
      await mesh.expectSession(failed.id, { status: 'failed', failed_at: { not: null }, completed_at: null });
      await expectEnd(failed, mesh);
    },
  },
});

/** No event is taken, also not the one that led here, and `expire` is none that anybody may send. */
async function expectEnd(session: Session, mesh: SuiteMesh): Promise<void> {
  for (const event of PUBLIC_SESSION_EVENTS) await mesh.expectRefusal(session.id, event);
  await mesh.expectRefusal(session.id, 'expire', 'unknown_event');
  await mesh.expectUnchanged(session);
}

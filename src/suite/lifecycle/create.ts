import { defineCase } from '../suite.ts';

export const create = defineCase({
  name: 'create → pending',
  act: (mesh) => mesh.create(),
  checks: {
    'It is pending, at version 0, and no time of a pause or an end is set': ({ id }, mesh) =>
      mesh.expectSession(id, {
        status: 'pending',
        version: 0,
        paused_at: null,
        completed_at: null,
        failed_at: null,
      }),
    'The log has session.created by its owner': ({ id, owner }, mesh) =>
      mesh.expectEvent(id, 'session.created', { actor: owner }),
    'It takes no event but activate': async (session, mesh) => {
      for (const event of ['pause', 'resume', 'complete', 'fail'] as const)
        await mesh.expectRefusal(session.id, event);
      await mesh.expectUnchanged(session);
    },
  },
});

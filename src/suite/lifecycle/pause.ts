import { defineCase } from '../suite.ts';

export const pause = defineCase({
  name: 'pause → paused',
  act: (mesh) => mesh.createBy('activate', 'pause'),
  checks: {
    'It is paused, with the time of the pause': ({ id }, mesh) =>
      mesh.expectSession(id, { status: 'paused', version: 2, paused_at: { not: null }, completed_at: null }),
    'Its history and the log have that step': async ({ id, owner }, mesh) => {
      await mesh.expectHistory(id, 'activate', 'pause');
      await mesh.expectEvent(id, 'session.paused', { actor: owner });
    },
    'A repeated pause keeps the first time': async (session, mesh) => {
      await mesh.send(session.id, 'pause');
      await mesh.expectUnchanged(session);
    },
    'It takes neither activate nor an end': async (session, mesh) => {
      for (const event of ['activate', 'complete', 'fail'] as const)
        await mesh.expectRefusal(session.id, event);
      await mesh.expectUnchanged(session);
    },
  },
});

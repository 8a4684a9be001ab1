import { defineCase } from '../suite.ts';

export const activate = defineCase({
  name: 'activate → active',
  act: (mesh) => mesh.createBy('activate'),
  checks: {
    'It is active, at version 1': ({ id }, mesh) =>
      mesh.expectSession(id, { status: 'active', version: 1, paused_at: null, completed_at: null }),
    'Its history and the log have that step': async ({ id, owner }, mesh) => {
      await mesh.expectHistory(id, 'activate');
      await mesh.expectEvent(id, 'session.activated', { actor: owner });
    },
    'A repeated activate changes nothing': async (session, mesh) => {
      await mesh.send(session.id, 'activate');
      await mesh.expectUnchanged(session);
    },
  },
});

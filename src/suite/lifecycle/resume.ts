import { defineCase } from '../suite.ts';

export const resume = defineCase({
  name: 'resume → active',
  act: (mesh) => mesh.createBy('activate', 'pause', 'resume'),
  checks: {
    'It is active again, and the time of the pause is cleared': ({ id }, mesh) =>
      mesh.expectSession(id, { status: 'active', version: 3, paused_at: null }),
    'Its history and the log have that step': async ({ id, owner }, mesh) => {
      await mesh.expectHistory(id, 'activate', 'pause', 'resume');
      await mesh.expectEvent(id, 'session.resumed', { actor: owner });
    },
    'It can be paused and resumed once more': async ({ id }, mesh) => {
      await mesh.send(id, 'pause');
      await mesh.expectSession(id, { status: 'paused', version: 4, paused_at: { not: null } });
      await mesh.send(id, 'resume');
      await mesh.expectSession(id, { status: 'active', version: 5, paused_at: null });
    },
  },
});

import { UnmetError } from '../../scenario/expect/unmet-error.ts';
import { defineCase } from '../suite.ts';

export const restart = defineCase({
  name: 'the controller is killed',
  act: async (mesh) => {
    const sessions = {
      pending: await mesh.createBy(),
      active: await mesh.createBy('activate'),
      paused: await mesh.createBy('activate', 'pause'),
      completed: await mesh.createBy('activate', 'complete'),
    };
    return { ...sessions, process: await mesh.site.restartController() };
  },
  checks: {
    'Another process has taken its place': ({ process: { before, after } }) =>
      before === after
        ? Promise.reject(
            new UnmetError({ expected: `another controller than ${before}`, seen: 'the same one' }),
          )
        : Promise.resolve(),
    'Every session is as it was': async ({ pending, active, paused, completed }, mesh) => {
      for (const session of [pending, active, paused, completed]) await mesh.expectUnchanged(session);
    },
    'Each takes the events of its state, and no others': async (
      { pending, active, paused, completed },
      mesh,
    ) => {
      await mesh.send(pending.id, 'activate');
      await mesh.expectSession(pending.id, { status: 'active', version: 1 });
      await mesh.send(active.id, 'pause');
      await mesh.expectSession(active.id, { status: 'paused', version: 2, paused_at: { not: null } });
      await mesh.send(paused.id, 'resume');
      await mesh.expectSession(paused.id, { status: 'active', version: 3, paused_at: null });
      await mesh.expectRefusal(completed.id, 'activate');
    },
    'Histories and the log go on without a gap': async ({ paused: { id } }, mesh) => {
      await mesh.expectHistory(id, 'activate', 'pause', 'resume');
      for (const kind of ['created', 'activated', 'paused', 'resumed'] as const)
        await mesh.expectEvent(id, `session.${kind}`);
    },
  },
});

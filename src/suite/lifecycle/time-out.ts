import { defineCase } from '../suite.ts';

/** About a second. */
const RETENTION_DAYS = 0.000_01;

/** The sessions are made before the retention is shortened, so that none expires on the way to its state. */
export const timeOut = defineCase({
  name: 'time-out → expired',
  obstacle: ({ site: { retention } }) => ('fixedBecause' in retention ? retention.fixedBecause : undefined),
  act: async (mesh) => {
    const { retention } = mesh.site;
    const sessions = {
      living: [
        await mesh.createBy(),
        await mesh.createBy('activate'),
        await mesh.createBy('activate', 'pause'),
      ],
      ended: await mesh.createBy('activate', 'complete'),
    };
    if ('shorten' in retention) await retention.shorten(RETENTION_DAYS);
    return sessions;
  },
  checks: {
    'Pending, active and paused ones expire, by the controller alone': async ({ living }, mesh) => {
      for (const { id } of living) await mesh.expectEvent(id, 'session.expired', { actor: 'controller' });
      for (const { id, version } of living)
        await mesh.expectSession(id, { status: 'expired', version: version + 1, paused_at: null });
    },
    'Their histories end with it': async ({ living: [pending, active, paused] }, mesh) => {
      if (pending !== undefined) await mesh.expectHistory(pending.id, 'expire');
      if (active !== undefined) await mesh.expectHistory(active.id, 'activate', 'expire');
      if (paused !== undefined) await mesh.expectHistory(paused.id, 'activate', 'pause', 'expire');
    },
    'Nothing leaves expired': async ({ living }, mesh) => {
      for (const { id } of living)
        for (const event of ['activate', 'resume', 'complete'] as const) await mesh.expectRefusal(id, event);
    },
    'One that had ended stays as it ended': ({ ended }, mesh) => mesh.expectUnchanged(ended),
  },
});

import { isMeshError } from '../../core/errors.ts';
import { UnmetError } from '../../scenario/expect/unmet-error.ts';
import { defineCase } from '../suite.ts';

const SESSIONS = 8;

export const concurrent = defineCase({
  name: 'sessions of one role at once',
  act: async (mesh) => {
    const sessions = await atOnce(() => mesh.createBy('activate'));
    const isPaused = (index: number) => index % 2 === 0;
    await Promise.all(
      sessions.filter((_session, index) => isPaused(index)).map(({ id }) => mesh.send(id, 'pause')),
    );
    return {
      sessions,
      paused: sessions.filter((_session, index) => isPaused(index)),
      others: sessions.filter((_session, index) => !isPaused(index)),
    };
  },
  checks: {
    'Each is a session of its own, of that role': async ({ sessions }, mesh) => {
      const ids = new Set(sessions.map(({ id }) => id));
      if (ids.size !== SESSIONS)
        throw new UnmetError({ expected: `${SESSIONS} sessions`, seen: `${ids.size}` });
      for (const { id } of sessions) await mesh.expectSession(id, { role: mesh.role });
    },
    'What moves one leaves the others as they are': async ({ paused, others }, mesh) => {
      for (const { id } of paused) await mesh.expectHistory(id, 'activate', 'pause');
      for (const { id } of paused) await mesh.expectSession(id, { status: 'paused', version: 2 });
      for (const session of others) await mesh.expectUnchanged(session);
    },
    'One event that comes many times at once is one step': async (_seen, mesh) => {
      const { id } = await mesh.createBy('activate');
      await atOnce(() => mesh.send(id, 'pause'));
      await mesh.expectSession(id, { status: 'paused', version: 2 });
      await mesh.expectHistory(id, 'activate', 'pause');
    },
    'Of two ends at once one holds, and the other is refused': async (_seen, mesh) => {
      const { id } = await mesh.createBy('activate');
      const answers = await Promise.all(
        (['complete', 'fail'] as const).map((event) =>
          mesh.send(id, event).then(
            ({ status }) => status,
            (error: unknown) => {
              if (isMeshError(error) && error.code === 'invalid_transition') return undefined;
              throw error;
            },
          ),
        ),
      );
      const held = answers.filter((status) => status !== undefined);
      const [status] = held;
      if (status === undefined || held.length > 1)
        throw new UnmetError({ expected: 'one of two ends to hold', seen: held.join(' and ') || 'none' });
      await mesh.expectSession(id, { status, version: 2 });
      await mesh.expectHistory(id, 'activate', status === 'completed' ? 'complete' : 'fail');
    },
  },
});

function atOnce<T>(work: () => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: SESSIONS }, work));
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MeshEvent } from '../../../src/core/event.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';

let mesh: TestController;
beforeAll(async () => {
  const [finance, manager, legal] = await Promise.all(['finance', 'manager', 'legal'].map(readProfile));
  if (finance === undefined || manager === undefined || legal === undefined) throw new Error('no profiles');
  const { privacy } = manager;
  mesh = await startTestController({
    profiles: [
      finance,
      { ...manager, privacy: { ...privacy, may_override: ['bypass'] } },
      { ...legal, privacy: { ...privacy, mode: 'strict' } },
    ],
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const modeOf = async (role: string) =>
  (await mesh.as('user:root').guard.modes()).find((mode) => mode.role === role)?.mode;

test('a role has the mode of its profile until an admin switches it, and again when it is given back', async () => {
  const admin = mesh.as('user:root');
  expect(await modeOf('legal')).toBe('strict');
  expect(await admin.guard.setMode('legal', 'auto')).toMatchObject({ mode: 'auto', set_by: 'user:root' });
  expect(await modeOf('legal')).toBe('auto');
  expect(await admin.guard.setMode('legal', null)).toMatchObject({ mode: 'strict', set_by: null });
});

test('every switch is an event, and what is so already makes none', async () => {
  const admin = mesh.as('user:root');
  for (const mode of ['strict', 'strict', null] as const) await admin.guard.setMode('finance', mode);
  const events = await mesh.sql<MeshEvent>(
    `select kind, actor, data from events where subject = 'role:finance'`,
  );
  expect(events).toMatchObject([
    { kind: 'guard.mode_set', actor: 'user:root', data: { mode: 'strict', before: 'auto' } },
    { kind: 'guard.mode_set', actor: 'user:root', data: { mode: 'auto', before: 'strict' } },
  ]);
});

test('only a profile can allow the mode bypass', async () => {
  const admin = mesh.as('user:root');
  expect(await refusalOf(admin.guard.setMode('finance', 'bypass'))).toBe('forbidden');
  expect(await admin.guard.setMode('manager', 'bypass')).toMatchObject({ mode: 'bypass' });
  await admin.guard.setMode('manager', null);
});

test('a mode that the profile does not allow any more is not in force', async () => {
  await mesh.sql(`insert into guard_modes (role, mode, set_by) values ('finance', 'bypass', 'user:root')`);
  expect(await modeOf('finance')).toBe('auto');
  await mesh.sql(`delete from guard_modes`);
});

test('only an admin switches modes, and only of roles that there are', async () => {
  for (const actor of ['user:alice', 'agent:legal', 'guard:legal']) {
    expect(await refusalOf(mesh.as(actor).guard.setMode('legal', 'auto'))).toBe('forbidden');
  }
  expect(await refusalOf(mesh.as('user:root').guard.setMode('nobody', 'auto'))).toBe('unknown_role');
});

test('a guard hears of modes that are set, and of nothing else', async () => {
  const stop = new AbortController();
  const opened = Promise.withResolvers<undefined>();
  const events = mesh.as('guard:legal').events({
    signal: stop.signal,
    onOpen: () => {
      opened.resolve(undefined);
    },
  });
  const first = events.next();
  await opened.promise;
  await mesh.as('user:alice').tasks.route({ target: 'legal', type: 'review', description: 'Have a look.' });
  await mesh.as('user:root').guard.setMode('legal', 'auto');
  expect((await first).value).toMatchObject({
    kind: 'guard.mode_set',
    data: { role: 'legal', mode: 'auto' },
  });
  stop.abort();
});

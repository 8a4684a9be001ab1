import { expect, test } from 'vitest';
import { openMesh } from './support/mesh.ts';
import { occupyPort } from './support/occupy-port.ts';

test('every service has a port and a directory of its own', async () => {
  const { engine, stateDir } = await openMesh();
  const site = await engine.prepareSite(['a', 'b']);
  const [a, b] = [site.listen('a'), site.listen('b')];
  expect(a.host).toBe('127.0.0.1');
  expect(a.port).not.toBe(b.port);
  expect(site.url('a', 'alias')).toBe(`http://127.0.0.1:${a.port}`);
  expect(site.dataDir('a')).toBe(`${stateDir}/data/a`);
});

test('ports are remembered, also of services that are not asked for now', async () => {
  const { engine } = await openMesh();
  const before = await engine.prepareSite(['a', 'b']);
  await engine.prepareSite(['a', 'c']);
  const after = await engine.prepareSite(['a', 'b']);
  expect(after.listen('a')).toEqual(before.listen('a'));
  expect(after.listen('b')).toEqual(before.listen('b'));
});

test('a port that somebody else has taken is replaced', async () => {
  const { engine } = await openMesh();
  const before = await engine.prepareSite(['a', 'b']);
  await occupyPort(before.listen('a').port);
  const after = await engine.prepareSite(['a', 'b']);
  expect(after.listen('a').port).not.toBe(before.listen('a').port);
  expect(after.listen('b')).toEqual(before.listen('b'));
});

test('two commands that start at the same time agree on the ports', async () => {
  const { stateDir } = await openMesh();
  const prepare = async () =>
    (await (await openMesh({ stateDir })).engine.prepareSite(['a', 'b'])).listen('a');
  const [one, other] = await Promise.all([prepare(), prepare()]);
  expect(one).toEqual(other);
});

import { expect, it } from 'vitest';
import type { LogLine } from '../../../../src/mesh/engine.ts';
import { collect } from '../support/collect.ts';
import { describeWithDocker } from '../support/docker.ts';
import { createTestMesh } from '../support/mesh.ts';
import { planModel } from '../support/services.ts';

await describeWithDocker('logs', (docker) => {
  /** The next line in which the part says something. */
  async function findNext(lines: AsyncIterator<LogLine>, text: string): Promise<LogLine | undefined> {
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
      if (next.value.text.includes(text)) return next.value;
    }
    return undefined;
  }

  it('of several services come together in the order of time', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a', { after: ['b'] }), planModel('b')]);
    const { signal } = new AbortController();

    const lines = await collect(mesh.engine.logs({ services: [], follow: false, signal }));

    const times = lines.map(({ text }) => /"time":"([^"]+)"/.exec(text)?.[1] ?? '');
    expect(times).toEqual(times.toSorted());
    expect([...new Set(lines.map(({ service }) => service))]).toEqual(['b', 'a']);
    expect(await collect(mesh.engine.logs({ services: ['a'], follow: false, signal }))).toEqual(
      lines.filter(({ service }) => service === 'a'),
    );
  });

  it('of a service that does not exist are refused, with the names of those that do', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')]);
    const { signal } = new AbortController();

    await expect(collect(mesh.engine.logs({ services: ['b'], follow: false, signal }))).rejects.toMatchObject(
      {
        code: 'not_found',
        hint: 'There are a.',
      },
    );
  });

  it('are followed across a restart and a replacement, each line once, until the signal aborts', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')]);
    const abort = new AbortController();
    const lines = mesh.engine
      .logs({ services: ['a'], follow: true, signal: abort.signal })
      [Symbol.asyncIterator]();

    expect(await findNext(lines, '"ready"')).toMatchObject({ service: 'a' });
    await mesh.engine.kill('a');
    expect(await findNext(lines, '"ready"')).toMatchObject({ service: 'a' });
    await mesh.up([planModel('a', { limits: { memoryMb: 300, cpus: 1, pids: 64 } })]);
    expect(await findNext(lines, '"ready"')).toMatchObject({ service: 'a' });

    const end = lines.next();
    abort.abort();
    expect(await end).toMatchObject({ done: true });
  });
});

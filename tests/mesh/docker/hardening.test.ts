import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithDocker } from './support/docker.ts';
import { createTestMesh } from './support/mesh.ts';
import { runAs } from './support/probe.ts';
import { NETWORKS, planDatabase, planModel } from './support/services.ts';

await describeWithDocker('a container', (docker) => {
  it('has no more rights and resources than it needs', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a', { limits: { memoryMb: 200, cpus: 0.5, pids: 50 } })]);

    const { Config, HostConfig } = await docker.getContainer(`${mesh.name}-a`).inspect();

    expect(Config.User).not.toMatch(/^(0|root)?(:|$)/);
    expect(Config.Env).toContainEqual(expect.stringMatching(/^NODE_OPTIONS=.*--max-old-space-size=133$/));
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
      Memory: 200 * 1024 * 1024,
      NanoCpus: 500_000_000,
      PidsLimit: 50,
      RestartPolicy: { Name: 'unless-stopped' },
    });
  });

  it('writes to its volumes and to memory, and nowhere else', async () => {
    const mesh = await createTestMesh(docker);
    const database = planDatabase('database', { tmpfs: ['/data/state'] });
    await mesh.up([database]);
    const script = `
      const { writeFileSync, readFileSync } = require('node:fs');
      const canWrite = (path) => { try { writeFileSync(path + '/x', ''); return true; } catch { return false; } };
      const inMemory = (path) => readFileSync('/proc/mounts', 'utf8').includes('tmpfs ' + path + ' ');
      const paths = ['/data', '/data/state', '/tmp', '/', '/app', '/run/goose-mesh', '/etc'];
      console.log(JSON.stringify({
        written: paths.filter(canWrite), inMemory: paths.filter(inMemory), capabilities:
          /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1],
      }));`;

    expect(await runAs(docker, mesh, { ...database, name: 'probe' }, NETWORKS, script)).toEqual({
      written: ['/data', '/data/state', '/tmp'],
      inMemory: ['/data/state', '/tmp'],
      capabilities: '0000000000000000',
    });
  });

  it('reads its configuration from a file that only its user and root can read', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')]);
    const { Config } = await docker.getContainer(`${mesh.name}-a`).inspect();

    const file = await stat(join(mesh.stateDir, 'config', 'a.json'));
    const folder = await stat(join(mesh.stateDir, 'config'));

    expect((file.mode & 0o777).toString(8)).toBe('600');
    expect(`${file.uid}:${file.gid}`).toBe(Config.User);
    expect((folder.mode & 0o777).toString(8)).toBe('700');
  });
});

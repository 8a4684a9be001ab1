import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { freemem } from 'node:os';
import { execa } from 'execa';
import { findGooseBinary } from '../agent/goose/binary.ts';
import { isMeshError, messageOf } from '../core/errors.ts';
import { chooseOwner } from '../database/owner.ts';
import { readPackage } from '../database/package.ts';
import { connectDocker } from '../mesh/engines/docker/connect.ts';
import { stateRoot } from '../mesh/state-dir.ts';

export interface Finding {
  readonly name: string;
  /** `warn`: a mesh can run all the same. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly hint?: string | undefined;
}

/** What three agents with their guards, a controller and a database take. */
const NEEDED_MEMORY = 1.5 * 2 ** 30;

/** Looks at everything that a mesh needs. */
export function diagnose(): Promise<readonly Finding[]> {
  return Promise.all([
    checkNode(),
    checkGoose(),
    checkPostgres(),
    checkDocker(),
    checkCertificates(),
    checkState(),
    checkMemory(),
  ]);
}

function checkNode(): Promise<Finding> {
  return Promise.resolve({ name: 'Node', state: 'ok', found: `${process.version} at ${process.execPath}` });
}

async function checkGoose(): Promise<Finding> {
  try {
    const binary = findGooseBinary();
    const { stdout } = await execa(binary, ['--version'], { timeout: 20_000 });
    return { name: 'Goose', state: 'ok', found: `${stdout.trim()} at ${binary}` };
  } catch (error) {
    const hint = isMeshError(error)
      ? error.hint
      : 'Goose needs glibc 2.28 or newer, and libstdc++ and libgcc_s.';
    return { name: 'Goose', state: 'fail', found: messageOf(error), hint };
  }
}

/** What a mesh without a `database.url` runs. PostgreSQL refuses to run as root, so root needs another user. */
async function checkPostgres(): Promise<Finding> {
  const name = 'Bundled PostgreSQL';
  try {
    const { directory, version } = await readPackage();
    const { isOther, uid } = await chooseOwner();
    const user = isOther ? `, to run as user id ${uid}` : '';
    return { name, state: 'ok', found: `${version} at ${directory}${user}` };
  } catch (error) {
    const hint = isMeshError(error) ? error.hint : undefined;
    return { name, state: 'fail', found: messageOf(error), hint };
  }
}

async function checkDocker(): Promise<Finding> {
  try {
    const docker = await connectDocker();
    const { Version } = await docker.version();
    return { name: 'Docker', state: 'ok', found: `engine ${Version}` };
  } catch (error) {
    const hint = isMeshError(error) ? error.hint : undefined;
    const found = `${messageOf(error)} Meshes run as local processes, whose agents are not isolated.`;
    return { name: 'Docker', state: 'warn', found, hint };
  }
}

const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** Goose does not start without a bundle of CA certificates, even for http. */
async function checkCertificates(): Promise<Finding> {
  const given = process.env['SSL_CERT_FILE'];
  const candidates = given === undefined ? BUNDLES : [given, ...BUNDLES];
  for (const path of candidates) {
    const readable = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (readable) return { name: 'CA certificates', state: 'ok', found: path };
  }
  return {
    name: 'CA certificates',
    state: process.platform === 'linux' ? 'fail' : 'warn',
    found: `none of ${candidates.join(', ')}`,
    hint: 'apt-get install ca-certificates, or set SSL_CERT_FILE.',
  };
}

async function checkState(): Promise<Finding> {
  const root = stateRoot();
  try {
    await mkdir(root, { recursive: true });
    await access(root, constants.W_OK);
    return { name: 'State directory', state: 'ok', found: root };
  } catch (error) {
    return {
      name: 'State directory',
      state: 'fail',
      found: messageOf(error),
      hint: 'Set GOOSE_MESH_STATE to a folder that you may write.',
    };
  }
}

function checkMemory(): Promise<Finding> {
  const free = freemem();
  const found = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  const enough = free >= NEEDED_MEMORY;
  const hint = enough ? undefined : 'A mesh of three agents wants 1.5 GiB.';
  return Promise.resolve({ name: 'Memory', state: enough ? 'ok' : 'warn', found, hint });
}

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Entry } from './entry.ts';
import { listLibraries } from './libraries.ts';

export const NODE = '/usr/local/bin/node';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
export const DATA = '/data';

/** What the parts find in their environment; nothing of it is secret. */
export const ENVIRONMENT = [
  'PATH=/usr/local/bin:/bin',
  'NODE_ENV=production',
  // It would be kept in memory that is gone with the container.
  'NODE_DISABLE_COMPILE_CACHE=1',
  // Node and Goose trust whom this machine trusts, which in a company is more than what Node has built in.
  `SSL_CERT_FILE=${CERTIFICATES}`,
  'NODE_USE_SYSTEM_CA=1',
];

/** Leads the loader to libraries that are not in the folders which it searches by itself. */
export const LOADER_CACHE = '/etc/ld.so.cache';

/** A package with programs that are linked with libraries of the machine. */
export interface ProgramPackage {
  readonly dir: string;
  /** Paths within the package. */
  readonly programs: readonly string[];
}

/** Where Linux distributions keep their bundle: Debian, Fedora, SUSE, Alpine. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The operating system of the image: no distribution, only this machine's Node and shell, the libraries that they and
 * the programs of the packages need, and the few files without which they do not work.
 */
export async function listSystem(
  packages: readonly ProgramPackage[],
  uid: number,
): Promise<readonly Entry[]> {
  const shell = realpathSync('/bin/sh');
  const programs = packages.flatMap(({ dir, programs }) => programs.map((program) => join(dir, program)));
  const libraries = (await listLibraries([process.execPath, shell, ...programs])).filter(
    // A package brings some of its own.
    (library) => !packages.some(({ dir }) => library.startsWith(dir + sep)),
  );
  return [
    { kind: 'directory', path: '/tmp', mode: 0o1777 },
    { kind: 'directory', path: '/run/goose-mesh', mode: 0o755 },
    // A fresh volume takes the owner of the path that it is mounted on.
    { kind: 'directory', path: DATA, mode: 0o700, uid },
    {
      kind: 'text',
      path: '/etc/passwd',
      text: `root:x:0:0::/:/bin/sh\nmesh:x:${uid}:${uid}::${DATA}:/bin/sh\n`,
    },
    { kind: 'text', path: '/etc/group', text: `root:x:0:\nmesh:x:${uid}:\n` },
    { kind: 'text', path: '/etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nhosts: files dns\n' },
    { kind: 'text', path: CERTIFICATES, text: readCertificates() },
    placeFile(process.execPath, NODE),
    placeFile(shell, '/bin/sh'),
    ...[LOADER_CACHE, ...libraries].filter((path) => existsSync(path)).map((path) => placeFile(path, path)),
  ];
}

function placeFile(source: string, path: string): Entry {
  const { size } = statSync(source);
  return { kind: 'file', path, source, size, mode: 0o755 };
}

/** The machine's own bundle, since a company's may hold more than Node's; Goose starts with none but an error. */
export function readCertificates(env: NodeJS.ProcessEnv = process.env): string {
  const bundle = [env['SSL_CERT_FILE'], ...BUNDLES].find((path) => path !== undefined && existsSync(path));
  const text = bundle === undefined ? '' : readFileSync(bundle, 'utf8');
  return text.includes('BEGIN CERTIFICATE') ? text : rootCertificates.join('\n');
}

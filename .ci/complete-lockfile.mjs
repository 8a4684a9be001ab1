/**
 * Adds the platform packages that npm left out of package-lock.json.
 *
 * A registry mirror may carry only this machine's platform packages. npm then writes a lock file without the
 * others, and `npm ci` refuses that file everywhere ("Missing: ... from lock file"). Run this after an
 * `npm install` that changed the lock file: every optional dependency with an exact version that has no entry
 * gets one, with the os and cpu that its name states, so that npm skips it where it does not belong.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPU = {
  arm: /-arm(-|$)/,
  arm64: /arm64/,
  ia32: /ia32/,
  ppc64: /ppc64/,
  riscv64: /riscv64/,
  s390x: /s390x/,
  x64: /x64/,
};

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = [];

for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (!/^\d/.test(version) || isLocked(path, name)) continue;
    const os = OS.filter((candidate) => name.includes(candidate));
    const cpu = Object.keys(CPU).filter((candidate) => CPU[candidate].test(name));
    if (os.length === 0 || cpu.length === 0) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...(parent.dev ? { dev: true } : {}),
      optional: true,
      os,
    };
    added.push(`${name}@${version}`);
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(
  added.length === 0 ? 'package-lock.json is complete' : `added ${added.length}:\n  ${added.join('\n  ')}`,
);

function isLocked(path, name) {
  const nested = path === '' ? undefined : lock.packages[`${path}/node_modules/${name}`];
  return Boolean(nested ?? lock.packages[`node_modules/${name}`]);
}

#!/usr/bin/env node
// The only file that must run on any Node with ES modules: it finds a Node that is new enough for the rest.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 19];

if (isNewEnough(process.versions.node)) {
  // Compiled code is kept between runs, which makes every later start a fifth faster.
  nodeModule.enableCompileCache?.();
  const { main } = await import('../dist/cli/main.js');
  await main(process.argv.slice(2));
} else {
  runWithBundledNode();
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function runWithBundledNode() {
  const bundled = ['../node_modules/node/bin/node', '../../node/bin/node']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (bundled === undefined) {
    console.error(
      `goose-mesh: needs Node ${NEEDED.join('.')} or newer, but this is Node ${process.versions.node}.`,
    );
    console.error('  Try: npm install node@24, which goose-mesh then finds by itself.');
    process.exitCode = 3;
    return;
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : 15);
  });
}

/**
 * The benchmarks: `npm run bench [name...]`. Each prints a Markdown table with absolute figures and, beside them, ratios
 * against something measured in the same run, since machines differ and this one is shared. Results worth keeping go to
 * docs/benchmarks.md with machine, date and method.
 */
import { cpus, totalmem } from 'node:os';
import { benchClaim } from './claim.ts';
import { benchGuard } from './guard.ts';
import { benchGuardHttp } from './guard-http.ts';
import { benchMemory } from './memory.ts';
import { benchScenario } from './scenario.ts';
import { benchApi } from './speed/api.ts';
import { benchSize } from './speed/size.ts';
import { benchTransitions } from './speed/transitions.ts';
import { benchWork } from './speed/work.ts';
import { benchUp } from './up.ts';

const BENCHES = {
  up: benchUp,
  scenario: benchScenario,
  claim: benchClaim,
  transitions: benchTransitions,
  work: benchWork,
  api: benchApi,
  size: benchSize,
  guard: benchGuard,
  'guard-http': benchGuardHttp,
  memory: benchMemory,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

const memory = Math.round(totalmem() / 2 ** 30);
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${memory} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}

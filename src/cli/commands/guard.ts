import type { Command } from 'commander';
import { addGuardAudit } from './guard/audit.ts';
import { addGuardBench } from './guard/bench.ts';
import { addGuardMask } from './guard/mask.ts';
import { addGuardMode } from './guard/mode.ts';
import { addGuardScan } from './guard/scan.ts';

export function addGuard(program: Command): void {
  const guard = program
    .command('guard')
    .description('The privacy guard: what it finds, what it hid, and how it treats each role');
  addGuardMode(guard);
  addGuardAudit(guard);
  addGuardScan(guard);
  addGuardMask(guard);
  addGuardBench(guard);
}

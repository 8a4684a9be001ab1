import type { Command } from 'commander';
import { addTestScenario } from './test/scenario.ts';
import { addTestSuite } from './test/suite.ts';

export function addTest(program: Command): void {
  const test = program.command('test').description('Prove that a mesh does what it should');
  addTestScenario(test);
  addTestSuite(test);
}

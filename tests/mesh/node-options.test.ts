import { execa } from 'execa';
import { expect, test } from 'vitest';
import { nodeOptions } from '../../src/mesh/engines/node-options.ts';

test.each([128, 256, 1024])(
  'the heap of a part that may use %i MB leaves room for the rest',
  async (memoryMb) => {
    const script = 'console.log(v8.getHeapStatistics().heap_size_limit / 2 ** 20)';
    const env = { NODE_OPTIONS: nodeOptions({ memoryMb }) };
    const { stdout } = await execa(process.execPath, ['-e', script], { env });
    expect(Number(stdout)).toBeGreaterThan(memoryMb / 2);
    expect(Number(stdout)).toBeLessThan(memoryMb * 0.75);
  },
);

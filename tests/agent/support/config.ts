import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AgentConfig } from '../../../src/core/config.ts';
import type { TestController } from '../../support/controller.ts';

/** An agent of a test controller, without a guard, on a data directory that goes with the test. */
export async function configureAgent(
  controller: TestController,
  { role = 'legal', ...overrides }: Partial<AgentConfig> = {},
): Promise<AgentConfig> {
  const data_dir = await mkdtemp(join(tmpdir(), 'gm-agent-'));
  onTestFinished(() => rm(data_dir, { recursive: true, force: true }));
  return AgentConfig.parse({
    part: 'agent',
    mesh: 'test',
    controller: { url: controller.url },
    guard: { url: 'http://127.0.0.1:9' },
    client: controller.credentialsOf(`agent:${role}`),
    name: role,
    role,
    model: `rehearsal-${role}`,
    data_dir,
    ...overrides,
  });
}

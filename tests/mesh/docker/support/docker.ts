import type Dockerode from 'dockerode';
import { describe, it } from 'vitest';
import { messageOf } from '../../../../src/core/errors.ts';
import { connectDocker } from '../../../../src/mesh/engines/docker/connect.ts';

/**
 * Tests that need a Docker engine. Without one they are skipped with the reason, or fail with it where
 * GOOSE_MESH_REQUIRE_DOCKER=1 says that there must be one.
 */
export async function describeWithDocker(name: string, body: (docker: Dockerode) => void): Promise<void> {
  const docker = await connectDocker().catch((error: unknown) => messageOf(error));
  describe(name, () => {
    if (typeof docker !== 'string') {
      body(docker);
    } else if (process.env['GOOSE_MESH_REQUIRE_DOCKER'] === '1') {
      it('has a Docker engine', () => {
        throw new Error(docker);
      });
    } else {
      console.warn(`Skipped: ${name}. ${docker}`);
      it.skip(docker);
    }
  });
}

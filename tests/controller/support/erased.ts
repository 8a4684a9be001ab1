import { waitForEvent } from '../../agent/support/wait.ts';
import type { TestController } from '../../support/controller.ts';

export const isErased = (mesh: TestController, id: string, kind = 'task') =>
  waitForEvent(mesh, (event) => event.kind === `${kind}.erased` && event.subject === `${kind}:${id}`);

/** Resolves when everything that was due by now has been erased. */
export async function sweepOnce(mesh: TestController): Promise<void> {
  const { id } = await mesh.as('user:alice').sessions.create({ role: 'legal' });
  await mesh.as('user:alice').sessions.send(id, 'activate');
  await mesh.as('user:alice').sessions.send(id, 'complete');
  await isErased(mesh, id, 'session');
}

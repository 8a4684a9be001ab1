import type { Client } from '../client/client.ts';
import { isMeshError, MeshError } from '../core/errors.ts';
import type { CallPermit } from '../core/guard.ts';

/** Throws MeshError `budget_exceeded`, or `unavailable` where nobody can tell: a call without a permit is not sent. */
export type Permit = (call: CallPermit) => Promise<void>;

/** Asks the controller, which counts for all guards; not at all, where the role has no budget. */
export function createPermit({ guard }: Pick<Client, 'guard'>, budgeted: boolean): Permit {
  if (!budgeted) return () => Promise.resolve();
  return async (call) => {
    try {
      await guard.permit(call);
    } catch (error) {
      if (isMeshError(error) && error.code === 'budget_exceeded') throw error;
      throw new MeshError('unavailable', 'The controller cannot tell whether the budget has room.', {
        cause: error,
      });
    }
  };
}

import { MeshError } from '../../core/errors.ts';
import { applyPolicy, lockPolicies, recordPolicy } from '../../store/policies.ts';
import type { Deps } from '../deps.ts';

/**
 * Notes which approval policy is in force from now on, once for all controllers that start with it. A version says one
 * thing for good, so that the record of an approval is never ambiguous.
 *
 * @throws MeshError conflict: the version is known to say something else
 */
export async function applyApprovalPolicy({ db, policy, log }: Pick<Deps, 'db' | 'policy' | 'log'>) {
  await db.transaction(async (tx) => {
    await lockPolicies(tx);
    const recorded = await recordPolicy(tx, policy);
    if (recorded !== policy.digest) throw changedInPlace(policy.policy.version, recorded, policy.digest);
    await applyPolicy(tx, policy.digest);
  });
  log.info({ version: policy.policy.version, digest: policy.digest }, 'approval policy in force');
}

function changedInPlace(version: number, recorded: string, digest: string): MeshError {
  return new MeshError(
    'conflict',
    `Version ${version} of the approval policy was in force with other rules than those of now (${recorded.slice(0, 12)}, now ${digest.slice(0, 12)}).`,
    { hint: `Say version: ${version + 1} or higher in policies/, or take the change back.` },
  );
}

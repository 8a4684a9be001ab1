import type { PolicyVersion } from '../core/policy/version.ts';
import type { ApprovalPolicy } from '../core/policy.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

const LOCK = {
  name: 'lock_policies',
  text: `select pg_advisory_xact_lock(hashtextextended('goose-mesh policy', 0))`,
};

/** Lets one controller at a time record a policy. Must come first: what is read afterwards is what others have left. */
export async function lockPolicies(tx: Queryable): Promise<void> {
  await tx.query(LOCK);
}

const COLUMNS = 'version, digest, policy, recorded_at';

const GET = { name: 'get_policy', text: `select ${COLUMNS} from policy_versions where digest = $1` };

export async function getPolicy(db: Queryable, digest: string): Promise<PolicyVersion | undefined> {
  const [found] = await db.query<PolicyVersion>(GET, [digest]);
  return found;
}

const RECORD = {
  name: 'record_policy',
  text: `
    with p as (
      insert into policy_versions (version, digest, policy) values ($1, $2, $3::jsonb)
      on conflict (version) do nothing
      returning *
    )
    select digest from p union all select digest from policy_versions where version = $1`,
};

/** Keeps what a version says. Gives the digest of what it said before, if it was known. */
export async function recordPolicy(
  tx: Queryable,
  { policy, digest }: { readonly policy: ApprovalPolicy; readonly digest: string },
): Promise<string> {
  const text = JSON.stringify(policy);
  return onlyRow(await tx.query<{ digest: string }>(RECORD, [policy.version, digest, text])).digest;
}

const APPLY = {
  name: 'apply_policy',
  text: `
    insert into events (kind, actor, subject, data)
    select 'policy.applied', 'controller', 'policy',
           jsonb_build_object('version', p.version, 'digest', p.digest, 'rules', jsonb_array_length(p.policy->'rules'))
    from policy_versions p
    where p.digest = $1 and p.digest is distinct from (
      select e.data->>'digest' from events e where e.subject = 'policy' and e.kind = 'policy.applied'
      order by e.seq desc limit 1)`,
};

/** Notes that a recorded policy is in force from now on, unless it was already. */
export async function applyPolicy(tx: Queryable, digest: string): Promise<void> {
  await tx.query(APPLY, [digest]);
}

import type { Command } from 'commander';
import type { JsonObject } from '../../core/json.ts';
import { compilePolicy } from '../../core/policy/compile.ts';
import { planSteps } from '../../core/policy/steps.ts';
import type { ApprovalPolicy } from '../../core/policy.ts';
import { DEFAULT_PRIORITY } from '../../core/task.ts';
import { loadRules } from '../../mesh/rules.ts';
import { globalOptions } from '../global-options.ts';
import { createOutput, type Output } from '../output.ts';
import { parseAmount, parseData, parsePriority } from '../parse.ts';
import { openProject } from '../project.ts';
import { renderRules } from '../render-approval.ts';
import { showTime } from '../show.ts';
import { renderTable } from '../table.ts';
import { withClient } from '../with-client.ts';

/** The policy: what is in force, and what it demands for a task. */
export function addPolicy(approval: Command): void {
  approval
    .command('policy')
    .description('Show the approval policy that is in force')
    .action((_options: unknown, command: Command) =>
      withClient(command, async (client, output) => {
        const current = await client.policies.current();
        const { version, digest, policy, recorded_at: since } = current;
        output.print(current, () =>
          [
            `Version ${version}, known since ${showTime(since) ?? '?'}; amounts in ${policy.currency}; SHA-256 ${digest}`,
            renderRules(policy),
          ].join('\n\n'),
        );
      }),
    );

  approval
    .command('explain')
    .description('Tell which rules count for a task, and who must approve')
    .option('--type <type>', 'kind of task', 'request')
    .option('--amount <amount>', 'money at stake', parseAmount)
    .option('--data <json>', 'facts of the task', parseData, {})
    .option('--priority <n>', 'from 0 to 9', parsePriority, DEFAULT_PRIORITY)
    .option('--role <role>', 'who works on the task, and consents by asking')
    .option('--owner <actor>', 'on whose behalf it happens, such as user:alice', '')
    .option('--files', 'by policies/*.yaml of this folder, not by what is in force: the mesh need not be up')
    .addHelpText('after', EXPLAIN_HELP)
    .action(explain);
}

const EXPLAIN_HELP = `
Examples:
  goose-mesh approval explain --amount 125000 --role finance
  goose-mesh approval explain --files --type travel --data '{"department":"Sales"}'`;

interface ExplainOptions {
  readonly type: string;
  readonly amount?: number;
  readonly data: JsonObject;
  readonly priority: number;
  readonly role?: string;
  readonly owner: string;
  readonly files?: true;
}

async function explain(options: ExplainOptions, command: Command): Promise<void> {
  if (options.files !== true) {
    await withClient(command, async (client, output) => {
      tell(output, (await client.policies.current()).policy, options);
    });
    return;
  }
  const global = globalOptions(command);
  const { spec } = await openProject(global);
  tell(createOutput(global.json), (await loadRules(spec)).approvals, options);
}

/** Says what the very functions say by which the controller decides. */
function tell(output: Output, policy: ApprovalPolicy, options: ExplainOptions): void {
  const { type, data, priority, owner, role = '' } = options;
  const facts = { type, amount: options.amount ?? null, data, priority, source: owner, owner, target: role };
  const demand = compilePolicy(policy).find(facts);
  const steps = demand === undefined ? [] : planSteps(demand, { role, managerOf: () => undefined });
  const rules = demand?.rules.map(({ id }) => id) ?? [];
  output.print({ version: policy.version, rules, steps }, () => {
    if (demand === undefined) return 'No rule applies: nobody need approve.';
    const consents = role === '' ? '' : `; ${role} consents by asking`;
    const who =
      steps.length === 0
        ? 'Nobody else need approve.'
        : renderTable(steps, [
            { title: 'STEP', value: ({ stage }) => stage + 1 },
            { title: 'WHO MUST APPROVE', value: ({ label }) => label },
            { title: 'RULE', value: ({ rule }) => rule },
          ]);
    return [renderRules(policy, rules), `Under version ${policy.version}${consents}:`, who].join('\n\n');
  });
}

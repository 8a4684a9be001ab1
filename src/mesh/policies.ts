import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { findPackageRoot } from '../core/package-root.ts';
import { checkRule, type Deciders } from '../core/policy/check.ts';
import { ApprovalPolicy, type ApprovalRule, type PlaceEntry, PolicyFile } from '../core/policy.ts';
import { describeUnknown } from '../core/text.ts';
import { readYamlFile } from '../core/yaml-file.ts';

/**
 * The approval policy of a mesh: the files of `policies/` in the project's folder as one, else those of the package.
 * What counts for all (version, currency, valid_for_hours) need stand in one of them only.
 *
 * @throws MeshError configuration, with file, line and column: also for what can never be satisfied
 */
export async function loadPolicies(projectDir: string, deciders: Deciders): Promise<ApprovalPolicy> {
  const paths = findFiles(projectDir);
  const drafts = await Promise.all(
    paths.map(async (path) => ({ path, file: await readYamlFile(path, PolicyFile) })),
  );
  const common = drafts.reduceRight<Common>((later, { file }) => ({ ...later, ...commonOf(file) }), {});
  const files = await Promise.all(
    drafts.map(({ path }, index) =>
      readYamlFile(
        path,
        PolicyFile.superRefine((file, context) => {
          const before = drafts.slice(0, index);
          checkCommon(context, file, { common, isFirst: index === 0 });
          checkIds(context, file, before);
          checkDeputies(context, file, deciders);
          checkRules(context, file, { deciders, validHours: common.valid_for_hours ?? DEFAULT_HOURS });
        }),
      ),
    ),
  );
  return ApprovalPolicy.parse({
    ...common,
    deputies: Object.fromEntries(files.flatMap(({ deputies }) => Object.entries(deputies))),
    rules: files.flatMap(({ rules }) => rules),
  });
}

const DEFAULT_HOURS = 168;

/** The roles that a rule names, which need no profile if somebody has them. */
export function rolesNamed({ approvers, escalate_to: others = [] }: ApprovalRule): readonly string[] {
  const roleOf = (place: PlaceEntry) => {
    if (typeof place === 'string') return [place];
    return 'role' in place ? [place.role] : [];
  };
  return [...approvers, ...others].flatMap((entry) =>
    typeof entry !== 'string' && 'any' in entry ? entry.of.flatMap(roleOf) : roleOf(entry),
  );
}

function findFiles(projectDir: string): readonly string[] {
  const [own = [], ofPackage = []] = [projectDir, findPackageRoot()].map((root) => {
    const folder = join(root, 'policies');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => join(folder, name));
  });
  return own.length > 0 ? own : ofPackage;
}

type Context = z.core.$RefinementCtx;
type Common = Pick<PolicyFile, 'version' | 'currency' | 'valid_for_hours'>;

const COMMON = ['version', 'currency', 'valid_for_hours'] as const;

function commonOf(file: PolicyFile): Common {
  return Object.fromEntries(COMMON.flatMap((key) => (file[key] === undefined ? [] : [[key, file[key]]])));
}

/** Files that say the same thing twice must agree, and one of them must say it. */
function checkCommon(
  context: Context,
  file: PolicyFile,
  { common, isFirst }: { readonly common: Common; readonly isFirst: boolean },
): void {
  for (const key of COMMON) {
    const [said, wanted] = [file[key], common[key]];
    if (said !== undefined && said !== wanted)
      complain(context, [key], `another file of policies/ says ${wanted}: they are one policy`);
    if (isFirst && wanted === undefined && key !== 'valid_for_hours')
      complain(context, [], `${key} is missing: one file of policies/ must say it`);
  }
}

function checkIds(
  context: Context,
  file: PolicyFile,
  before: readonly { readonly path: string; readonly file: PolicyFile }[],
): void {
  for (const [index, { id }] of file.rules.entries()) {
    const earlier = before.find((other) => other.file.rules.some((rule) => rule.id === id));
    const isTwice = file.rules.findIndex((rule) => rule.id === id) < index;
    if (earlier !== undefined || isTwice)
      complain(
        context,
        ['rules', index, 'id'],
        `there is another rule ${id}${isTwice ? '' : ` in ${earlier?.path ?? ''}`}`,
      );
  }
}

function checkDeputies(context: Context, { deputies }: PolicyFile, { people }: Deciders): void {
  const names = people.map(({ name }) => name);
  for (const [person, deputy] of Object.entries(deputies)) {
    for (const name of [person, deputy])
      if (!names.includes(name))
        complain(context, ['deputies', person], describeUnknown('person', name, names));
    if (person === deputy) complain(context, ['deputies', person], 'nobody is their own deputy');
  }
}

function checkRules(
  context: Context,
  { rules }: PolicyFile,
  { deciders, validHours }: { readonly deciders: Deciders; readonly validHours: number },
): void {
  for (const [index, rule] of rules.entries())
    for (const { path, message } of checkRule(rule, deciders, validHours))
      complain(context, ['rules', index, ...path], `rule ${rule.id}: ${message}`);
}

function complain(context: Context, path: PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}

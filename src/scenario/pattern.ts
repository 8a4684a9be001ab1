import { z } from 'zod';

/** A regular expression that compiles: a mistake is told when the scenario is read, not when it is first needed. */
export const Pattern = z.string().superRefine((pattern, context) => {
  try {
    new RegExp(pattern);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
  }
});

/** One that takes a value out of a text: by exactly one group. */
export const TakingPattern = Pattern.refine((pattern) => countGroups(pattern) === 1, {
  error: 'expected a regular expression with exactly one group',
  when: ({ issues }) => issues.length === 0,
});

/** With an empty alternative it matches everything, and tells how many groups it has. */
function countGroups(pattern: string): number {
  return (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
}

import { z } from 'zod';
import { Name } from './identity.ts';
import { TaskType } from './task.ts';

/** A role that another may address; without types, with every type of task. The name alone stands for that. */
export const Target = z.preprocess(
  (value) => (typeof value === 'string' ? { role: value } : value),
  z.strictObject(
    { role: Name, types: z.array(TaskType).min(1).optional().describe('Default: every type') },
    {
      error: ({ code }) =>
        code === 'invalid_type' ? 'expected the name of a role, or { role, types }' : undefined,
    },
  ),
);
export type Target = z.infer<typeof Target>;

/** The types of tasks that may pass, of all that there may be. */
export type PassingTypes = 'any' | readonly string[];

export function passes(types: PassingTypes, type: string): boolean {
  return types === 'any' || types.includes(type);
}

/**
 * What a role that names these targets may send to another: undefined if it does not name it, so that it may tell it
 * nothing at all. An empty list: only notifications, since the other accepts none of the types that the role may send.
 */
export function typesTo(
  targets: readonly Target[],
  receiver: {
    readonly role: string;
    readonly policies: { readonly accepts?: readonly string[] | undefined };
  },
): PassingTypes | undefined {
  const named = targets.filter(({ role }) => role === receiver.role);
  if (named.length === 0) return undefined;
  const sent = named.some(({ types }) => types === undefined)
    ? 'any'
    : [...new Set(named.flatMap(({ types }) => types ?? []))];
  const accepted = receiver.policies.accepts ?? 'any';
  return sent === 'any' ? accepted : sent.filter((type) => passes(accepted, type));
}

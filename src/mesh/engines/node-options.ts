import type { ServicePlan } from '../plan.ts';

/**
 * Makes Node keep to what a part may use, for NODE_OPTIONS. By itself it lets garbage lie for as long as the machine
 * has memory. What is new is most of the garbage of a part that serves requests: with little room for it, it is
 * collected before it gets old. A third is left for what is not on the heap.
 */
export function nodeOptions({ memoryMb }: Pick<ServicePlan['limits'], 'memoryMb'>): string {
  return `--max-semi-space-size=2 --max-old-space-size=${Math.floor((memoryMb * 2) / 3)}`;
}

import { z } from 'zod';

export const MigrationStatus = z.object({
  version: z.int(),
  name: z.string(),
  state: z.enum(['applied', 'waiting', 'edited', 'missing', 'unknown']),
  applied_at: z.string().nullable(),
});
export type MigrationStatus = z.infer<typeof MigrationStatus>;

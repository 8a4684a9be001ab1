import { z } from 'zod';
import { PartConfig } from '../../../core/config.ts';
import { type ErrorCode, isErrorCode, isMeshError, MeshError, messageOf } from '../../../core/errors.ts';
import { Name } from '../../../core/identity.ts';

/** What the engine and its supervisor tell each other over the control socket. */

/** What the supervisor needs of a service plan. */
export const PlannedService = z.strictObject({
  name: Name,
  config: PartConfig,
  after: z.array(Name),
  /** As in `ServicePlan`; null where people do not reach the service. */
  publish: z.int().min(0).max(65_535).nullable(),
  tmpfs: z.array(z.string()),
  memoryMb: z.number().positive(),
});
export type PlannedService = z.infer<typeof PlannedService>;

export const Application = z.strictObject({ services: z.array(PlannedService) });
export type Application = z.infer<typeof Application>;

const Progress = z.strictObject({
  service: z.string(),
  state: z.enum(['waiting', 'starting', 'kept', 'ready', 'failed', 'stopping', 'stopped']),
  detail: z.string().exactOptional(),
});
export type Progress = z.infer<typeof Progress>;

export const WireError = z.strictObject({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  hint: z.string().exactOptional(),
});
export type WireError = z.infer<typeof WireError>;

/** A line of the answer to a request that takes a while. The last one is `done` or `error`. */
export const Update = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), progress: Progress }),
  z.strictObject({ kind: z.literal('done') }),
  z.strictObject({ kind: z.literal('error'), error: WireError }),
]);
export type Update = z.infer<typeof Update>;

export const SupervisorStatus = z.strictObject({
  pid: z.int(),
  /** The process that it ends with; null if with none. */
  tied_to: z.int().nullable(),
  services: z.array(
    z.strictObject({
      service: z.string(),
      part: z.enum(['database', 'controller', 'guard', 'agent', 'model']),
      state: z.enum(['running', 'starting']),
      started_at: z.string().nullable(),
      restarts: z.int(),
      address: z.string().nullable(),
      pid: z.int().nullable(),
    }),
  ),
});
export type SupervisorStatus = z.infer<typeof SupervisorStatus>;

export function toWireError(error: unknown): WireError {
  if (!isMeshError(error)) return { code: 'internal', message: messageOf(error) };
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

export function fromWireError({ code, message, hint }: WireError): MeshError {
  return new MeshError(code, message, { hint });
}

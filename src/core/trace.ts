import { randomBytes } from 'node:crypto';

/** A new W3C trace id: 16 random bytes in hex, never all zero in practice. */
export const newTraceId = (): string => randomBytes(16).toString('hex');

/** A traceparent header (W3C Trace Context, version 00) for a trace. */
export function toTraceparent(traceId: string): string {
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
}

/** The trace id of a traceparent header, or undefined where there is none that is valid. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const id = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? '')?.[1];
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

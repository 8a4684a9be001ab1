import { request } from 'undici';
import { z } from 'zod';
import { MeshError } from '../../core/errors.ts';
import type { RehearsalScript } from './script.ts';
import type { LedgerCall, Mismatch } from './stage.ts';

export interface RehearsalAdmin {
  readLedger(): Promise<readonly LedgerCall[]>;
  /** Resolves with the first request that no line of the script fits; never, if there is none. */
  waitForMismatch(signal: AbortSignal): Promise<Mismatch>;
}

const LedgerCalls = z.array(z.object({ at: z.string(), role: z.string(), body: z.unknown() }));
const MismatchBody = z.object({
  role: z.string(),
  reason: z.string().nullable(),
  lines: z.number(),
  messages: z.array(z.string()),
  results: z.array(z.string()),
});

/** Gives the scripted model its lines for one run. */
export async function openRehearsal(
  { url, adminKey }: { readonly url: string; readonly adminKey: string },
  traceId: string,
  script: RehearsalScript,
): Promise<RehearsalAdmin> {
  const path = `/rehearsals/${traceId}`;
  await ask('PUT', path, { body: JSON.stringify(script) });
  return {
    readLedger: async () => LedgerCalls.parse(await ask('GET', `${path}/ledger`)),
    async waitForMismatch(signal) {
      for (;;) {
        const body = await ask('GET', `${path}/mismatch`, { signal });
        if (body !== undefined) return MismatchBody.parse(body);
      }
    },
  };

  async function ask(
    method: 'GET' | 'PUT',
    to: string,
    { body, signal }: { body?: string; signal?: AbortSignal } = {},
  ): Promise<unknown> {
    const response = await request(new URL(to, url), {
      method,
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: body ?? null,
      signal: signal ?? null,
    });
    const text = await response.body.text();
    if (response.statusCode >= 400) {
      throw new MeshError(
        'unavailable',
        `The rehearsal model answered HTTP ${response.statusCode} to ${method} ${to}.`,
      );
    }
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}

import type { Client } from '../client/client.ts';
import { toShownJson } from '../core/text.ts';

const PAGE = 1000;

export interface ExportFilter {
  readonly kind?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly trace_id?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Prints events as NDJSON, page by page: the next page is asked for when standard output has taken the one before. */
export async function exportEvents(
  log: Client['audit'],
  filter: ExportFilter,
  closed: AbortSignal,
): Promise<void> {
  let after: number | undefined;
  while (!closed.aborted) {
    const page = await log.events({ ...filter, after, limit: PAGE });
    await writeOut(page.map((event) => `${toShownJson(event)}\n`).join(''));
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq;
  }
}

/** Resolves also when nobody reads any more: then `closed` aborts. */
function writeOut(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => {
      resolve();
    });
  });
}

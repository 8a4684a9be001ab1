import { request } from 'undici';
import { MeshError } from '../../core/errors.ts';
import type { ExternalDetector } from '../../core/knowledge.ts';
import type { Logger } from '../../core/log.ts';
import type { DirectoryEntry } from '../../detect/directory/directory.ts';
import { parseJson, readUpTo } from '../body.ts';
import type { Dialect } from './dialect.ts';
import { openaiDialect } from './openai.ts';
import { presidioDialect } from './presidio.ts';

/** The values that a further detector finds in the texts of one request. */
export type AskDetector = (
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly DirectoryEntry[]>;

const DIALECTS: Readonly<Record<ExternalDetector['kind'], Dialect>> = {
  presidio: presidioDialect,
  openai: openaiDialect,
};

/** Longest answer, in bytes. */
const ANSWER_MAX = 8 * 1024 * 1024;
/** Parts the texts of a request, which go out as one. */
const BETWEEN = '\n\n';

/**
 * Asks once for a whole request. What goes wrong, time included, either refuses the request or leaves it to the
 * other detectors, as configured.
 *
 * The function throws MeshError unavailable where it refuses.
 */
export function createAskDetector(config: ExternalDetector, log: Logger): AskDetector {
  const dialect = DIALECTS[config.kind];
  const url = `${config.url.replace(/\/$/, '')}${dialect.path}`;
  return async (texts, signal) => {
    const text = [...new Set(texts)].join(BETWEEN);
    if (text === '') return [];
    try {
      const found = dialect.read(await post(dialect.body(text, config), signal), text, config);
      return found.filter(({ kind, value }) => config.kinds.includes(kind) && value.trim().length > 1);
    } catch (error) {
      signal.throwIfAborted();
      if (config.on_failure === 'refuse') throw refusal();
      log.warn({ reason: nameOf(error) }, 'the further detector failed; the request goes on without it');
      return [];
    }
  };

  async function post(body: unknown, signal: AbortSignal): Promise<unknown> {
    const { statusCode, body: answer } = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(config.api_key === undefined ? {} : { authorization: `Bearer ${config.api_key}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(config.timeout_ms)]),
    });
    const { bytes, cut } = await readUpTo(answer, ANSWER_MAX);
    if (statusCode !== 200 || cut) throw new TypeError(`HTTP ${statusCode}`);
    return parseJson(new TextDecoder().decode(bytes));
  }
}

function refusal(): MeshError {
  return new MeshError(
    'unavailable',
    'The further detector of personal data gives no usable answer, so the call is refused.',
    {
      hint: 'guard.detector.on_failure: pass leaves such calls to the other detectors.',
    },
  );
}

/** Never the message, which may quote the text. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

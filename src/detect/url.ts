import type { Reading, Span } from './span.ts';

/**
 * Finds web addresses, and apart from them those that hold a user and a password: connection strings of databases
 * and queues have the same form. A bare domain counts where its ending is a usual one.
 */
export function* findUrls({ text }: Reading): Generator<Span> {
  for (const { index, 0: run } of text.matchAll(URL_RUN)) {
    const url = trimEnd(run);
    const place = { start: index, end: index + url.length };
    if (WITH_PASSWORD.test(url)) yield { ...place, kind: 'URL_CREDENTIALS', confidence: 0.95 };
    else if (WEB.test(url)) yield { ...place, kind: 'URL', confidence: 0.9 };
  }
  for (const { index, 0: domain } of text.matchAll(BARE)) {
    yield { start: index, end: index + domain.length, kind: 'URL', confidence: 0.6 };
  }
}

/** Signs of the sentence, and a bracket that was opened before the address. */
function trimEnd(run: string): string {
  const url = run.replace(/[.,;:!?'"*_~)\]}]{1,20}$/, '');
  return run.charAt(url.length) === ')' && url.includes('(') ? `${url})` : url;
}

const URL_RUN = /(?<![\p{L}\p{N}+.-])[a-z][a-z\d+.-]{1,20}:\/\/[^\s<>"`\\^{|}]{1,2048}/giu;
const WITH_PASSWORD = /^[^/]+\/\/[^\s/?#@:]{0,100}:[^\s/?#@[\]]{1,200}@[^\s/?#]/;
const WEB = /^(?:https?|ftps?|wss?):\/\/(?:[^/?#@]*@)?[\p{L}\p{N}[]/iu;
const BARE =
  /(?<![\p{L}\p{N}@/._%-]|::)(?:www\.)?(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,4}(?:com|org|net|edu|gov|io|info|biz|online|shop|site|app|dev|co\.uk|de|fr|it|es|nl|eu|uk|ch|at|se|no|dk|fi|pl|cz|jp|cn|in|br|ca|us|au)(?![\p{L}\p{N}@_-]|\.[\p{L}\p{N}])(?!\(|::)/giu;

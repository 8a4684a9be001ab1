import type { Finding, Reading } from './span.ts';

/** Finds web addresses. A bare domain counts where its ending is a usual one. */
export function findUrls({ text }: Reading): readonly Finding[] {
  const urls = listRuns(text).filter(({ url }) => WEB.test(url) && !WITH_PASSWORD.test(url));
  return [
    ...urls.map(({ start, end }) => ({ start, end, confidence: 0.9 })),
    ...[...text.matchAll(BARE)].map(({ index: start, 0: { length } }) => {
      return { start, end: start + length, confidence: 0.6 };
    }),
  ];
}

/** Finds addresses that hold a user and a password: of web pages, databases and queues alike. */
export function findUrlCredentials({ text }: Reading): readonly Finding[] {
  return listRuns(text)
    .filter(({ url }) => WITH_PASSWORD.test(url))
    .map(({ start, end }) => ({ start, end, confidence: 0.95 }));
}

function listRuns(text: string): readonly { start: number; end: number; url: string }[] {
  return [...text.matchAll(URL_RUN)].map(({ index: start, 0: run }) => {
    const url = trimEnd(run);
    return { start, end: start + url.length, url };
  });
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

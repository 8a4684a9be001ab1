import type { Finding, Reading } from './span.ts';

/** Finds addresses of network cards: six pairs parted by one sign, or three groups of four parted by points. */
export function findMacs({ text }: Reading): readonly Finding[] {
  return [...text.matchAll(MAC)]
    .filter(([address]) => !NOBODY.test(address))
    .map(({ index, 0: address }) => ({ start: index, end: index + address.length, confidence: 0.9 }));
}

const MAC =
  /(?<![\p{L}\p{N}]|[\da-f]{2}[:-])(?:[\da-f]{2}([:-])[\da-f]{2}(?:\1[\da-f]{2}){4}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4})(?![\p{L}\p{N}]|[:-][\da-f]{2}(?![\p{L}\p{N}]))/giu;

/** For all, and for none. */
const NOBODY = /^(?:(?:ff[:.-]?)+|(?:00[:.-]?)+)$/i;

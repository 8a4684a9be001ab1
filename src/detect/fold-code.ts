/** No part of a word. */
export const NO_WORD = 0;
/** Part of a word that says nothing: a combining mark, a soft hyphen, what has no width. */
export const IGNORED = 1;

const UNKNOWN = 0xffff;
const FOLDED = new Uint16Array(0x10000).fill(UNKNOWN);

/**
 * A UTF-16 unit as the directory compares it: in lower case, without accent, full-width signs as plain ones. Where
 * two units come of it (ß is ss), this is the first of them, and `secondCode` gives the other.
 */
export function foldCode(code: number): number {
  const known = FOLDED[code] ?? NO_WORD;
  if (known !== UNKNOWN) return known;
  const folded = fold(code);
  FOLDED[code] = folded;
  return folded;
}

export function secondCode(code: number): number {
  return code < 0xde ? 0 : (SECOND.get(code) ?? 0);
}

/** A word as it is compared: `Łukasz` and `lukasz` are one. */
export function foldWord(word: string): string {
  let folded = '';
  for (let index = 0; index < word.length; index += 1) {
    const code = word.charCodeAt(index);
    const first = foldCode(code);
    if (first <= IGNORED) continue;
    const second = secondCode(code);
    folded += second > 0 ? String.fromCharCode(first, second) : String.fromCharCode(first);
  }
  return folded;
}

/** Whether a unit is a word by itself: Chinese, Japanese, Korean and Thai put no blanks between theirs. */
export function isSign(code: number): boolean {
  return code >= 0x0e00 && (code <= 0x0e7f || (code >= 0x2e80 && code <= 0x9fff) || isHangul(code));
}

const isHangul = (code: number) => code >= 0xac00 && code <= 0xd7a3;

function fold(code: number): number {
  // Halves of a pair are letters of rare scripts or pictures: they count as they are.
  if (code >= 0xd800 && code <= 0xdfff) return NO_WORD;
  const sign = String.fromCharCode(code);
  if (WIDTHLESS.test(sign)) return IGNORED;
  if (!/[\p{L}\p{N}]/u.test(sign)) return NO_WORD;
  if (isHangul(code)) return code;
  const plain = STROKED[sign] ?? sign.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const folded = (STROKED[plain.charAt(0)] ?? plain).charCodeAt(0);
  return Number.isNaN(folded) ? IGNORED : folded;
}

const WIDTHLESS = /[\p{M}\u00ad\u200b-\u200f\u2060\ufeff]/u;

/** Letters whose stroke is no accent to Unicode, and the first half of those that are two. */
const STROKED: Readonly<Record<string, string>> = {
  ...{ ø: 'o', Ø: 'o', ł: 'l', Ł: 'l', đ: 'd', Đ: 'd', ð: 'd', Ð: 'd', ħ: 'h', Ħ: 'h', ı: 'i', ς: 'σ' },
  ...{ ß: 's', ẞ: 's', æ: 'a', Æ: 'a', œ: 'o', Œ: 'o', þ: 't', Þ: 't' },
};

const SECOND: ReadonlyMap<number, number> = new Map(
  Object.entries({ ß: 's', ẞ: 's', æ: 'e', Æ: 'e', œ: 'e', Œ: 'e', þ: 'h', Þ: 'h' }).map(
    ([letter, second]) => [letter.charCodeAt(0), second.charCodeAt(0)] as const,
  ),
);

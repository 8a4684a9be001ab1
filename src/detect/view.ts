import { fold } from './fold.ts';

/** A text as a reader sees it, and where each of its characters stands in the original. */
export interface View {
  /** Decoded, and in the form of `fold`. */
  readonly text: string;
  /** The place in the original of a place in the view, with all that was left out inside; absent where both are one. */
  readonly toOriginal?: (start: number, end: number) => { readonly start: number; readonly end: number };
}

/**
 * Takes away what hides a value from a detector and from nobody else: signs without width, marks of direction, colours
 * of a terminal, accents on digits; and decodes what JSON, URLs and HTML escape. Most texts have none of it, and are
 * read as they are.
 */
export function readView(original: string): View {
  if (!SIGN.test(original) || !HIDING.test(original)) return { text: fold(original) };
  const pieces = readPieces(original);
  const text = fold(pieces.map((piece) => piece.text).join(''));
  return {
    text,
    toOriginal: (start, end) => ({
      start: startIn(pieceAt(pieces, start), start),
      end: endIn(pieceAt(pieces, end - 1), end),
    }),
  };
}

/** A stretch of the view and that of the original which it stands for; of the same text where `isSame`. */
interface Piece {
  readonly text: string;
  /** In the view. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly isSame: boolean;
}

function readPieces(original: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let from = 0;
  let isInLink = false;
  const add = (text: string, start: number, end: number, isSame: boolean) => {
    if (text === '') return;
    pieces.push({ text, at, start, end, isSame });
    at += text.length;
  };
  for (const { index, 0: match } of original.matchAll(HIDING_ALL)) {
    const end = index + match.length;
    if (match.startsWith('%')) {
      add(original.slice(from, index), from, index, true);
      for (const { text, start, length } of decodePercent(match)) {
        add(text, index + start, index + start + length, false);
      }
    } else {
      const isMarkOfLink = LINK_OPENS.test(match) || (isInLink && LINK_ENDS.test(match));
      if (isMarkOfLink) isInLink = !LINK_ENDS.test(match);
      const before = original.slice(Math.max(0, index - 3), index);
      const shown = isMarkOfLink ? ' ' : show(match, before, original.charAt(end));
      if (shown === match) continue;
      add(original.slice(from, index), from, index, true);
      add(shown, index, end, false);
    }
    from = end;
  }
  add(original.slice(from), from, original.length, true);
  return pieces;
}

/** What a sign or an escape stands for; nothing, if it only hides. */
function show(match: string, before: string, after: string): string {
  if (/^\\/.test(match) && !TERMINAL.test(match)) return showEscape(match);
  if (match.startsWith('&')) return showEntity(match);
  if (MARKS.test(match)) return /[\d@.-]$/.test(before) ? '' : match;
  if (STYLED_DIGIT.test(match)) return String(((match.codePointAt(0) ?? 0) - 0x1d7ce) % 10);
  // Between a word and a number it parts them; inside either it is nothing.
  return /\p{L}{3}$/u.test(before) && /[\d+(]/.test(after) ? ' ' : '';
}

/** `\n`, `\u0040`, `\"`, each behind as many backslashes as there were encodings. */
function showEscape(match: string): string {
  const sign = match.replace(/^\\+/, '');
  if (!sign.startsWith('u')) return { n: '\n', r: '\r', t: '\t' }[sign] ?? sign;
  const shown = String.fromCharCode(Number.parseInt(sign.slice(1), 16));
  return INVISIBLE.test(shown) ? '' : shown;
}

const ENTITIES: Readonly<Record<string, string>> = {
  commat: '@',
  period: '.',
  hyphen: '-',
  plus: '+',
  nbsp: ' ',
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  shy: '',
};

function showEntity(match: string): string {
  const name = match.slice(1, -1);
  if (!name.startsWith('#')) return ENTITIES[name] ?? match;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** The characters of percent-encoded UTF-8, one after another. What is none is a blank. */
function* decodePercent(run: string): Generator<{ text: string; start: number; length: number }> {
  for (let start = 0; start < run.length; ) {
    const lead = Number.parseInt(run.slice(start + 1, start + 3), 16);
    const bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const encoded = run.slice(start, start + 3 * bytes);
    yield { text: decodeOne(encoded), start, length: encoded.length };
    start += encoded.length;
  }
}

function decodeOne(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return ' ';
  }
}

/** The last piece that begins at a place or before it. */
function pieceAt(pieces: readonly Piece[], at: number): Piece | undefined {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1];
}

function startIn(piece: Piece | undefined, at: number): number {
  if (piece === undefined) return at;
  return piece.isSame ? piece.start + at - piece.at : piece.start;
}

function endIn(piece: Piece | undefined, end: number): number {
  if (piece === undefined) return end;
  return piece.isSame ? piece.start + end - piece.at : piece.end;
}

// Without width: soft hyphens, joiners, marks of direction, fillers, variation selectors, tags; and controls.
const NO_WIDTH =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\ufff9-\\ufffb\\0-\\x08\\x0b\\x0c\\x0e-\\x1a\\x1c-\\x1f\\x7f\\x80-\\x84\\x86-\\x9a\\x9c-\\x9f';
const INVISIBLE = new RegExp(`[${NO_WIDTH}\\x1b]`);
// ECMA-48, 5.4: parameters, intermediate signs, and one that ends it. Raw, or as JSON, C and shells write it.
const ESC = '(?:\\x1b|\\\\{1,8}(?:u001[bB]|x1[bB]|033|e(?=\\[)))';
const SEQUENCE = `(?:${ESC}\\[|\\x9b)[0-?]{0,32}[ -/]{0,4}[@-~]|${ESC}[\\]P^_X]\\d{0,3};{0,2}|${ESC}(?:\\\\|[()][0-9A-Za-z])?`;
const TERMINAL = new RegExp(`^(?:${SEQUENCE})$`);
const ESCAPE = '\\\\{1,8}(?:u[\\da-fA-F]{4}|[nrt"/])';
const PERCENT = '(?:%[\\da-fA-F]{2}){1,1024}';
const ENTITY = `&(?:#\\d{1,7}|#[xX][\\da-fA-F]{1,6}|${Object.keys(ENTITIES).join('|')});`;
const MARK = '[\\u0300-\\u036f\\u20d0-\\u20f0]{1,64}';
const MARKS = new RegExp(`^${MARK}$`);
const STYLED_DIGIT = /^\ud835[\udfce-\udfff]$/;
/** A terminal's link has its address between these, which part it from the text around. */
const LINK_OPENS = new RegExp(`^${ESC}\\]`);
const LINK_ENDS = new RegExp(`^(?:\\x07|${ESC}\\\\)$`);
/** What one of the signs begins with that hide or escape: cheaper to look for than all of them. */
const SIGN = new RegExp(`[${NO_WIDTH}\\x1b\\x9b\\ud835\\udb40\\u0300-\\u036f\\u20d0-\\u20f0\\\\%&]`);
const PATTERN = `[${NO_WIDTH}]{1,64}(?:${MARK})?|\\udb40[\\udc00-\\udc7f]|${SEQUENCE}|${ESCAPE}|${PERCENT}|${ENTITY}|${MARK}|\\ud835[\\udfce-\\udfff]`;
const HIDING = new RegExp(PATTERN);
const HIDING_ALL = new RegExp(PATTERN, 'g');

/** Where in a text its reader has come to, if the text is JSON, or holds JSON in its strings. */
export interface JsonPlace {
  /** Goes on over the next piece of the text. */
  read(piece: string): void;
  /** A value as it must be written here, so that whoever parses the JSON gets the value. */
  write(value: string): string;
  /** The same for what stands there instead of something that the model wrote, which may have been a number. */
  replace(label: string): string;
}

type State = 'unknown' | 'prose' | 'outside' | 'string';

/**
 * Arguments of tools are JSON for certain. Any other text is if it begins as only JSON does: with a brace and a
 * quote, or a bracket and one of both. It stops being JSON where its last bracket closes. Each string is a text
 * of its own, which may be JSON again: so a value with a quote comes back right however deep it stands.
 */
export function createJsonPlace(isCertain: boolean): JsonPlace {
  let state: State = isCertain ? 'outside' : 'unknown';
  let depth = 0;
  let beginning = '';
  let escape = '';
  let inside: JsonPlace | undefined;

  return { read, write, replace };

  function read(piece: string): void {
    for (let at = 0; at < piece.length && state !== 'prose'; ) {
      if (state === 'unknown') at = begin(piece, at);
      else if (state === 'outside') at = stepOutside(piece, at);
      else at = stepInside(piece, at);
    }
  }

  function begin(piece: string, at: number): number {
    const end = Math.min(piece.length, at + BEGINNING_MAX);
    beginning = (beginning + piece.slice(at, end)).trimStart();
    if (BEGINS_JSON.test(beginning)) {
      state = 'outside';
      read(beginning);
    } else if (beginning.length > BEGINNING_MAX || !MAY_BEGIN_JSON.test(beginning)) {
      state = 'prose';
    }
    return end;
  }

  function stepOutside(piece: string, at: number): number {
    SIGN.lastIndex = at;
    const index = SIGN.exec(piece)?.index;
    if (index === undefined) return piece.length;
    const sign = piece.charAt(index);
    if (sign === '"') {
      state = 'string';
      inside = createJsonPlace(false);
    } else {
      depth += sign === '{' || sign === '[' ? 1 : -1;
      if (depth <= 0 && !isCertain) state = 'prose';
    }
    return index + 1;
  }

  function stepInside(piece: string, at: number): number {
    if (escape !== '') {
      escape += piece.charAt(at);
      const isUnfinished = escape.startsWith('\\u') && escape.length < 6;
      if (!isUnfinished) {
        inside?.read(decode(escape));
        escape = '';
      }
      return at + 1;
    }
    END.lastIndex = at;
    const end = END.exec(piece)?.index ?? piece.length;
    if (end > at) inside?.read(piece.slice(at, end));
    if (piece.charAt(end) === '\\') escape = '\\';
    else if (end < piece.length) state = 'outside';
    return end + 1;
  }

  function write(value: string): string {
    if (state === 'string') return quote(inside?.write(value) ?? value).slice(1, -1);
    if (state === 'unknown') state = 'prose';
    // What only looks like JSON stays what it is, and so do arguments that are none.
    if (state !== 'outside' || !isCertain) return value;
    if (depth === 0) return quote(value).slice(1, -1);
    return NUMBER.test(value) ? value : quote(value);
  }

  function replace(label: string): string {
    return state === 'outside' && depth > 0 ? quote(label) : write(label);
  }
}

const BEGINNING_MAX = 200;
const BEGINS_JSON = /^(?:\{\s*["}]|\[[\s[]*["{\]])/;
const MAY_BEGIN_JSON = /^(?:\{\s*|\[[\s[]*)?$/;
const SIGN = /["{}[\]]/g;
const END = /["\\]/g;
const NUMBER = /^-?(?:0|[1-9]\d{0,15})$/;

function quote(value: string): string {
  return JSON.stringify(value);
}

function decode(escape: string): string {
  try {
    return String(JSON.parse(`"${escape}"`));
  } catch {
    return escape;
  }
}

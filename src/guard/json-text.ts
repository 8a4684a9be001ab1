import type { Rewrite } from '../detect/json.ts';

/**
 * JSON text with its strings, keys and numbers rewritten, and every other byte as it was: blanks, long numbers and
 * repeated keys survive, as they would not in a parsed value. A rewritten number becomes a string. Undefined if the
 * text is not JSON.
 */
export function rewriteJsonText(text: string, rewrite: Rewrite): string | undefined {
  if (!isJson(text)) return undefined;
  const pieces: string[] = [];
  const tokens = /"|-?\d[\d.eE+-]*/g;
  let field: string | undefined;
  let from = 0;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const isString = match[0] === '"';
    const end = isString ? endOfString(text, match.index) : tokens.lastIndex;
    const token = text.slice(match.index, end);
    const value = isString ? decodeString(token) : token;
    const isKey = isString && isFollowedByColon(text, end);
    const rewritten = rewrite(value, isKey ? undefined : field);
    pieces.push(text.slice(from, match.index), rewritten === value ? token : JSON.stringify(rewritten));
    if (isKey) field = value;
    from = end;
    tokens.lastIndex = end;
  }
  return pieces.join('') + text.slice(from);
}

function isJson(text: string): boolean {
  // Most texts of a conversation are prose: one look at the first character saves the attempt.
  if (!/^\s*["[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Index behind the closing quote. The text is known to be JSON, so there is one. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index + 1;
}

function decodeString(token: string): string {
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

function isFollowedByColon(text: string, index: number): boolean {
  const colon = /[ \t\r\n]*:/y;
  colon.lastIndex = index;
  return colon.test(text);
}

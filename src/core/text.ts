/**
 * Shows control characters instead of obeying them: texts of agents and models must not move a cursor, ring a
 * bell, turn a line round or forge one. Line feeds and tabs stay unless `oneLine` is set.
 */
export function showControls(text: string, options: { oneLine?: boolean } = {}): string {
  const pattern = options.oneLine === true ? CONTROLS_AND_BREAKS : CONTROLS;
  return text.replace(pattern, (character) => `\\x${toHex(character, 2)}`);
}

/** The same for JSON: equal to what JSON.stringify gives to whatever parses it, harmless to whoever looks at it. */
export function toShownJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    UNESCAPED_BY_JSON,
    (character) => `\\u${toHex(character, 4)}`,
  );
}

const toHex = (character: string, digits: number) =>
  character.charCodeAt(0).toString(16).padStart(digits, '0');

// C0 but tab and line feed, DEL, C1, and the line separators and bidirectional controls that terminals act upon.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;
const CONTROLS_AND_BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;
/** Of these, JSON.stringify escapes C0 alone. */
const UNESCAPED_BY_JSON = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu;

/** Cuts a text to `max` UTF-16 units without splitting a surrogate pair. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The nearest of some known words, if one is near enough to be what was meant. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.ceil(word.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Says that there is nothing of a name, what may have been meant, and what there is. */
export function describeUnknown(noun: string, name: string, known: readonly string[]): string {
  const near = didYouMean(name, known);
  const meant = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
  const all = known.length === 0 ? 'none' : [...new Set(known)].sort().join(', ');
  return `there is no ${noun} ${JSON.stringify(name)}${meant}; there are ${all}`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, charA] of Array.from(a).entries()) {
    const current = [row + 1];
    for (const [column, charB] of Array.from(b).entries()) {
      const substitution = (previous[column] ?? 0) + (charA === charB ? 0 : 1);
      current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

import type { GuardKnowledge } from '../core/knowledge.ts';
import { createDirectory, type Directory, type DirectoryEntry } from './directory/directory.ts';
import { readWords } from './directory/words.ts';
import { compileRule } from './rules.ts';
import type { Reading, Span } from './span.ts';

/** Gives the spans that count, of those that detectors found and those that the mesh itself knows. */
export type Judge = (reading: Reading, found: readonly Span[]) => readonly Span[];

/**
 * What a mesh itself knows: its directory, its rules, what is never masked and what always is. A span that lies
 * within an allowed value does not count, unless the deny list has it. What is known counts whichever kinds a profile
 * asks for: it was named for that.
 */
export function createJudge(
  knowledge: Pick<GuardKnowledge, 'allow' | 'deny' | 'rules'>,
  directory: Directory,
): Judge {
  const rules = knowledge.rules.map(compileRule);
  const allowed = gather(knowledge.allow.map((value) => ({ kind: 'SECRET', value })));
  const denied = gather(knowledge.deny);
  return (reading, found) => {
    const words = readWords(reading.text);
    const known = [
      ...found,
      ...rules.flatMap((find) => find(reading)),
      ...directory.find(reading.text, words),
    ];
    const places = allowed.find(reading.text, words);
    const counting = places.length === 0 ? known : known.filter((span) => !isWithin(span, places));
    return [...counting, ...denied.find(reading.text, words)];
  };
}

function gather(entries: readonly DirectoryEntry[]): Directory {
  const directory = createDirectory();
  for (const entry of entries) directory.add(entry);
  return directory;
}

/** Both are sorted by where they begin, but found spans are few, so each looks through all places. */
function isWithin({ start, end }: Span, places: readonly Span[]): boolean {
  return places.some((place) => place.start <= start && end <= place.end);
}

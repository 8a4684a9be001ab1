import type { Finding, Reading } from './span.ts';

/** Finds ages of people: `turned 41`, `41 years old`, `aged 41`, `41-year-old`. */
export function findAges({ text, field }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: age } of text.matchAll(AGE)) {
    const end = index + age.length;
    if (
      AFTER.test(text.slice(end, end + 24)) ||
      BEFORE.test(text.slice(Math.max(0, index - 32), index)) ||
      (/(?:^| )age$/.test(field) && text.trim() === age)
    ) {
      found.push({ start: index, end, confidence: 0.85 });
    }
  }
  return found;
}

const AGE = /(?<![\p{L}\p{N}.,$€£-])(?:1[01]\d|[1-9]?\d)(?![\p{L}\p{N}%]|[.,]\d|-\d)/gu;
const AFTER =
  /^(?:[ -](?:years?|yrs?|months?)[ -](?:old|of age)|[ -]?y\/?o(?!\p{L})| Jahre alt| ans(?!\p{L})| años)/iu;
const BEFORE =
  /(?<!\p{L})(?:aged?|turn(?:ed|ing|s)?|when (?:he|she|they) (?:was|were)|(?:is|am|are) only)(?: of| is)?["']?\s{0,2}[:=]?\s{0,2}$/iu;

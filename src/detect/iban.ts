import type { Finding, Reading } from './span.ts';

/** Finds IBANs (ISO 13616): as long as their country demands, solid or in groups of four, with a valid checksum. */
export function findIbans({ text }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: head } of text.matchAll(HEAD)) {
    const length = LENGTHS.get(head.slice(0, 2).toUpperCase());
    const written = length === undefined ? undefined : readIban(text, index, length);
    if (written !== undefined && hasValidChecksum(written.replaceAll(/[ -]/g, ''))) {
      found.push({ start: index, end: index + written.length, confidence: 1 });
    }
  }
  return found;
}

/** The IBAN of `length` characters that starts at a place, as it is written there. */
function readIban(text: string, start: number, length: number): string | undefined {
  const separators = Math.ceil(length / 4) - 1;
  return [
    { written: text.slice(start, start + length), form: SOLID },
    { written: text.slice(start, start + length + separators), form: GROUPED },
  ].find(({ written, form }) => form.test(written) && !ALPHANUMERIC.test(text.charAt(start + written.length)))
    ?.written;
}

/** ISO 7064 MOD 97-10: the head goes to the end, letters count 10 to 35, the whole is 1 modulo 97. */
function hasValidChecksum(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

const HEAD = /(?<![\p{L}\p{N}])[a-z]{2}\d{2}(?=[ -]?[a-z0-9])/giu;
const ALPHANUMERIC = /[\p{L}\p{N}]/u;
const SOLID = /^[a-z0-9]+$/i;
const GROUPED = /^(?:[a-z0-9]{4}([ -]))(?:[a-z0-9]{4}\1)*[a-z0-9]{1,4}$/i;

// Lengths by country, SWIFT IBAN Registry.
const LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    15: 'NO',
    16: 'BE',
    18: 'DK FI FK FO GL NL SD',
    19: 'MK SI',
    20: 'AT BA EE KZ LT LU MN XK',
    21: 'CH HR LI LV',
    22: 'BG BH CR DE GB GE IE ME RS VA',
    23: 'AE GI IL IQ OM SO TL',
    24: 'AD CZ ES MD PK RO SA SE SK TN VG',
    25: 'LY PT ST',
    26: 'IS TR',
    27: 'BI DJ FR GR IT MC MR SM',
    28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
    29: 'BR EG PS QA UA',
    30: 'JO KW MU YE',
    31: 'MT SC',
    32: 'LC',
    33: 'RU',
  }).flatMap(([length, countries]) =>
    countries.split(' ').map((country) => [country, Number(length)] as const),
  ),
);

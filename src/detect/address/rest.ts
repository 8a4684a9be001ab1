/** How many further parts (apartment, town, state, code, country) an address has at most. */
const PARTS_MAX = 7;

/**
 * Where an address ends that was found up to a place. A town counts only if a code, a state or a country follows it:
 * any capitalised word could stand there.
 */
export function endOfAddress(text: string, from: number): number {
  let end = from;
  let at = from;
  for (let parts = 0; parts < PARTS_MAX; parts += 1) {
    const ahead = text.slice(at, at + 90);
    const sure = SURE.exec(ahead)?.[0];
    const next = sure ?? TOWN.exec(ahead)?.[0];
    if (next === undefined) break;
    at += next.length;
    if (sure !== undefined) end = at;
  }
  return end;
}

const GAP = String.raw`(?:,\s{0,4}|\s{0,3}\n[ \t>]{0,8},? ?| )`;
const CODE =
  '\\d{4,6}(?:-\\d{4})?|\\d{3} \\d{2}|\\d{2}-\\d{3}|\\d{4} ?[A-Z]{2}|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d';
const WORD = String.raw`\(?\p{Lu}[\p{L}\p{M}'’./-]{0,30}\)?`;
const TOWN_WORDS = String.raw`${WORD}(?:(?: (?:de|la|le|les|sur|am|an der|del|do|da|upon|on|of|and|nad)){0,2} ${WORD}){0,3}`;
const COUNTRY =
  'USA|U\\.S\\.A\\.|United States(?: of America)?|UK|United Kingdom|Great Britain|England|Scotland|Wales|Ireland|Canada|Australia|New Zealand|Germany|Deutschland|Austria|Switzerland|France|Italy|Italia|Spain|España|Portugal|Belgium|Netherlands|The Netherlands|Luxembourg|Denmark|Danmark|Sweden|Sverige|Norway|Norge|Finland|Suomi|Iceland|Poland|Polska|Czech Republic|Czechia|Slovakia|Slovenia|Hungary|Estonia|Latvia|Lithuania|Greece|Cyprus|Croatia|Serbia|Romania|Bulgaria|Turkey|Ukraine|Russia|India|China|Japan|Korea|Singapore|Brazil|Mexico|Argentina|Chile|Uruguay|Tunisia|Israel|South Africa|Greenland';
const UNIT = String.raw`(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|Fl)\.? ?#? ?\d{1,5}(?:-?[A-Za-z])?|#\d{1,5}|\d{1,3}(?:st|nd|rd|th) [Ff]loor`;

const SURE = new RegExp(
  String.raw`^${GAP}(?:(?:${UNIT}|${COUNTRY}|${TOWN_WORDS},? (?:${CODE})|[A-Z]{2},?\s{1,6}(?:${CODE})|(?:${CODE})(?: [A-Z]{2})? ${WORD}|(?:${CODE})|[A-Z]{2}(?=[.,;]?(?:\s|$)))(?![\p{L}\p{N}]))`,
  'u',
);
const TOWN = new RegExp(String.raw`^${GAP}${TOWN_WORDS}(?![\p{L}\p{N}])`, 'u');

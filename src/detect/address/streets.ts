/** A word of a street's name, and up to three or four of them. */
const WORD = String.raw`\p{Lu}[\p{L}\p{M}'’.-]{0,30}`;
const WORDS = String.raw`${WORD}(?: ${WORD}){0,3}`;
const BEFORE = String.raw`(?<![\p{L}\p{N}]|[\p{N}][.,/-]|[$€£#])`;
const AFTER = String.raw`(?![\p{L}\p{N}])`;
const NUMBER = String.raw`\d{1,6}(?: ?[a-zA-Z](?!\p{L}))?(?:[-/]\d{1,5})?`;

const TYPES =
  'Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Circle|Cir|Place|Pl|Square|Sq|Terrace|Ter|Trail|Trl|Parkway|Pkwy|Highway|Hwy|Way|Crescent|Cres|Close|Mews|Grove|Gardens|Gdns|Row|Walk|Hill|Rise|Parade|Pde|Alley|Plaza|Loop|Pike|Turnpike|Expressway|Esplanade|Quay|Wharf|Green|Vale|Glen|Heights|Ridge|Run|Path|Crossing|Bypass';
/** `60 Balsham Road`, `1600 Pennsylvania Ave NW`, `1 N. Main St.` */
export const TYPED = new RegExp(
  String.raw`${BEFORE}\d{1,6}[a-zA-Z]?(?:-\d{1,5})?,? (?:[NSEW]\.? )?(?:\d{1,3}(?:st|nd|rd|th) |${WORDS} )(?:${TYPES})(?:\.(?!\p{L}))?(?: (?:N|S|E|W|NE|NW|SE|SW)(?!\p{L}))?${AFTER}`,
  'gu',
);

const ENDINGS =
  'straße|strasse|str\\.|weg|platz|allee|gasse|ring|damm|ufer|steig|gatan|gata|gaten|vägen|väg|veien|vegen|vej|gade|stræde|allé|plads|straat|laan|plein|gracht|kade|dijk|dreef|singel|katu|kuja|polku|tie|aukio|götu|stígur|vegur|braut|tänav|maantee|utca|backen|gränd|bakken|stien|svingen';
/** `Hauptstraße 12`, `Storgatan 5 B`, `Laukaantie 80`. */
export const SUFFIXED = new RegExp(
  String.raw`${BEFORE}(?:${WORD} ){0,2}\p{Lu}[\p{L}\p{M}-]{1,30}(?:${ENDINGS})[ ,]{1,2}${NUMBER}${AFTER}`,
  'gu',
);

const PREFIXES =
  'rue|avenue|av\\.|boulevard|bd|chemin|impasse|allée|allées|quai|route|cours|passage|via|viale|piazza|piazzale|corso|largo|vicolo|strada|contrada|calle|c/|avenida|avda\\.|plaza|paseo|carrer|camino|carretera|ctra\\.|ronda|rua|travessa|praça|ul\\.|ulica|al\\.|aleja|pl\\.|os\\.|ulice|nám\\.|náměstí|tř\\.|třída|str\\.|ulitsa|utca|calea|bulevardul';
const SMALL = String.raw`(?:d[eaiou]s?|del|della|delle|dei|degli|du|des|la|las|le|les|los|el|l['’]|d['’]|y|et|e|a|à|au|aux|św\.|sv\.|gen\.|ks\.)`;
/** `143 rue de la Hulotais`, `Via Roma 12`, `ul. Północna 73`. One of the two numbers must be there. */
export const PREFIXED = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:\d{1,6}(?: ?(?:bis|ter|[a-z]))?,? )?(?:\d{1,6} )?(?:[rR]ue|${eitherCase(PREFIXES)}) ?(?:${SMALL} ?){0,3}${WORD}(?: (?:${SMALL} ){0,2}${WORD}){0,4}(?:,? (?:n[°º.]? ?|nr\.? ?)?\d{1,5}(?:[/-]\d{1,4})?[a-zA-Z]?${AFTER})?`,
  'gu',
);

/** Boxes, and the posts of armed forces. */
export const BOX = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:P\. ?O\. ?Box|PO Box|P\.O\.B\.|Post Office Box|Postfach|Boîte postale|Apartado(?: de correos)?|Casella postale|Postboks|Postbus|(?:PSC|CMR|Unit) \d{1,5},? Box|(?:USS|USNS|USCGC) ${WORD}(?: ${WORD})?\s{1,4}(?:[AFD]PO) A[AEP]|(?:[AFD]PO) A[AEP]) ?\d{1,6}${AFTER}`,
  'giu',
);

const STATES =
  'AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT|NSW|QLD|TAS|VIC';
/** `Springfield, IL 62704`, `Toronto, ON M5V 2T6`, `D-10115 Berlin`. */
export const AREA = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${WORDS},? {0,2}(?:${STATES}),? (?:\d{5}(?:-\d{4})?|\d{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d)|(?:D|A|CH|F|B|L|DK|SE|N|FI|PL|CZ|I|E)-\d{2,5}(?: ?\d{2,3})? ${WORD})${AFTER}`,
  'gu',
);

/** `Apt. 641`, `Suite 30-B`. */
export const UNIT = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:Apt|Apartment|Suite|Ste)\.? ?#? ?\d{1,5}(?:-?[A-Za-z])?${AFTER}`,
  'gu',
);

export const BETWEEN_NUMBERS = new RegExp(
  String.raw`${BEFORE}\d{1,6} ${WORD}(?: ${WORD}){0,2} \d{1,5}[a-z]?${AFTER}(?![.,]\d|[%$€£:-])`,
  'gu',
);

function eitherCase(words: string): string {
  return words
    .split('|')
    .map((word) => `[${word.charAt(0)}${word.charAt(0).toUpperCase()}]${word.slice(1)}`)
    .join('|');
}

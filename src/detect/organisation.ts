import { foldWord } from './fold-code.ts';
import { isCommonWord } from './person/common-words.ts';
import type { Finding, Reading } from './span.ts';

/** Finds organisations by their legal form alone, such as `Acme Widgets GmbH`: without it any heading would be one. */
export function findOrganisations({ text }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: written, 1: name = '' } of text.matchAll(NAMED)) {
    const words = name.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? [];
    // `The Company Inc.` names nobody.
    if (words.every((word) => NAMELESS.has(foldWord(word)))) continue;
    const opening = OPENING.exec(name)?.[0] ?? '';
    const start = isCommonWord(foldWord(opening.trim())) ? index + opening.length : index;
    found.push({ start, end: index + written.length, confidence: 0.8 });
  }
  return found;
}

const LEGAL_FORMS =
  'Inc|Incorporated|LLC|L\\.L\\.C|LLP|LP|Ltd|Limited|PLC|plc|Corp|Corporation|GmbH(?: & Co\\. ?KG)?|mbH|AG|KG|OHG|e\\.K|SE|UG|S\\.A|SA|SAS|SARL|S\\.à r\\.l|Sàrl|S\\.r\\.l|Srl|SpA|S\\.p\\.A|B\\.V|BV|N\\.V|NV|AB|A/S|ApS|AS|ASA|Oy|Oyj|Sp\\. z o\\.o|s\\.r\\.o|a\\.s|Kft|Zrt|Pty(?: Ltd)?|Pvt(?: Ltd)?|K\\.K|Co\\., Ltd|S\\.L|SL|Lda|Ltda|d\\.o\\.o';
const WORD = String.raw`\p{Lu}[\p{L}\p{M}\p{N}'’&.-]{0,30}`;
const NAMED = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])(${WORD}(?:(?: |, | & | and | of | und )${WORD}){0,3}),? (?:${LEGAL_FORMS})(?:\.|(?![\p{L}\p{N}]))`,
  'gu',
);
const NAMELESS = new Set(
  'the company client customer supplier vendor buyer seller party parties lessor lessee'.split(' '),
);
/** The first word of a sentence is not a part of the name. */
const OPENING = /^(?:The|Our|At|From|With|By|For|And|But|If|When|To|In|Is|Dear|Contact|Between) /u;

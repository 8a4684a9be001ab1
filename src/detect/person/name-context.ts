/** How far what introduces a name may begin before it, in characters. */
const REACH = 32;

/** Whether the words before a place say that a name comes: surely, or only if what comes looks like one. */
export function findIntroduction(text: string, start: number): 'surely' | 'maybe' | undefined {
  const before = text.slice(Math.max(0, start - REACH), start);
  if (SURELY.test(before)) return 'surely';
  if (GREETING.test(before) && GREETED.test(text.slice(start, start + REACH))) return 'surely';
  return MAYBE.test(before) ? 'maybe' : undefined;
}

/** `Jane wrote:` and `Jane <jane@…>`. */
export function isFollowedBySpeech(text: string, end: number): boolean {
  return SPEECH.test(text.slice(end, end + 24));
}

/** Alone on a line, and one of the next two lines begins with the number of a house: the head of a postal address. */
export function isAddressee(text: string, start: number, end: number): boolean {
  return (
    LINE_START.test(text.slice(Math.max(0, start - 4), start)) &&
    ADDRESS_BELOW.test(text.slice(end, end + 80))
  );
}

/** A field whose values are names of people by its own name. */
export function isNameField(field: string): boolean {
  return field !== '' && NAME_FIELD.test(field);
}

const SURELY =
  /(?<!\p{L})(?:(?:my|your|his|her|their|last|first|full|family|maiden|middle|contact|customer|patient|employee) ?name(?:['’]s| is|:| was)?[?:]?|named|dear|attn\.?:?|c\/o|(?:best|kind|warm)? ?regards,?|sincerely,?|cheers,?|yours truly,?|signed(?: by)?:?|directed by:?|written by:?|author:|says|said|starring|featuring|(?:directed|produced|written|sung|founded|signed|approved|reviewed|prepared|submitted|requested|created|led) by|assigned to|in memory of|was called|is called|everyone calls me|call me|name['’]s)\s{1,6}["“']?$/iu;
const MAYBE =
  /(?<!\p{L})(?:hi|hello|hey|thanks,?|best,|from:|to:|cc:|bcc:|by|by:|name:|contact:|contact|client:|customer:|patient:|employee:|assignee:|owner:|reporter:|manager:|attendees:|with|i am|i['’]m|this is|met|meet|ask|tell|told|ceo|cfo|cto|president|director|senator|judge|captain|attorney|actor|actress|singer|author|artist|journalist|brother|sister|mother|father|wife|husband|son|daughter|friend|colleague|grandfather|grandmother|uncle|aunt)\s{1,6}["“']?$/iu;
const LINE_START = /(?:^|\n)[ >?:-]{0,3}$/;
const ADDRESS_BELOW =
  /^[ ]{0,3}\n\s{0,8}(?:[^\n]{1,40}\n\s{0,8})?[ >]{0,3}(?:\d{1,6}[ ,]|p\.? ?o\.? box|\p{L}[\p{L} ]{2,30} \d{1,5}\n)/iu;
const GREETING = /(?<!\p{L})(?:hi|hello|hey)\s{1,3}$/iu;
const GREETED = /^\p{L}{2,20}[,!]/u;
const SPEECH =
  /^,? {0,2}(?:(?:lives|works|likes|thinks|emailed|wrote|writes|says|said|asked|replied|answered)(?!\p{L})|<[^\s<>@]{1,20}|\([a-z0-9._-]{1,20}@)/u;
const NAME_FIELD =
  /(?:^|\b)(?:(?:full|first|last|given|family|middle|customer|client|patient|employee|contact|person|user|owner|sender|recipient|account holder|card ?holder) ?name|surname|card ?holder|account holder|signatory|attendees?|assignee)$/;

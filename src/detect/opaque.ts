/**
 * Blanks what is made of digits but names no person: UUIDs, dates and points in time. Letters of the same length
 * take their place, so offsets hold and no number begins or ends there.
 */
export function blankIds(text: string): string {
  return text.replace(ID, (id) => 'x'.repeat(id.length));
}

const UUID = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';
const YEAR = '(?:19|20)\\d{2}';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
// A comma may also part a time from the next column of a row, such as `212-555-0187`.
const FRACTION = '(?:\\.\\d{1,9}|,\\d{1,9}(?![ ().-]{0,16}\\d))?';
const TIME = `[T ]\\d{2}:\\d{2}(?::\\d{2}${FRACTION})?(?:Z|[+-]\\d{2}:?\\d{2})?`;

const ID = new RegExp(
  [
    UUID,
    `(?<![\\d.-])${YEAR}([-./]?)${MONTH}\\1${DAY}(?:${TIME})?(?![\\d])`,
    `(?<![\\d.-])\\d{1,2}([-./])\\d{1,2}\\2${YEAR}(?!\\d)`,
    `(?<![\\d])\\d{2}:\\d{2}:\\d{2}${FRACTION}(?!\\d)`,
  ].join('|'),
  'gi',
);

/**
 * Blanks what is made of digits but names no person: UUIDs, dates and points in time. Letters of the same length
 * take their place, so offsets hold and no number begins or ends there.
 */
export function blankIds(text: string): string {
  return text.replace(ID, (id) => 'x'.repeat(id.length));
}

const YEAR = '(?:19|20)\\d{2}';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
const TIME = '[T ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d{2}:?\\d{2})?';

const ID = new RegExp(
  [
    '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}',
    `(?<![\\d.-])${YEAR}([-./]?)${MONTH}\\1${DAY}(?:${TIME})?(?![\\d])`,
    `(?<![\\d.-])\\d{1,2}([-./])\\d{1,2}\\2${YEAR}(?!\\d)`,
    `(?<![\\d])\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?(?!\\d)`,
  ].join('|'),
  'gi',
);

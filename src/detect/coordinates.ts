import { contextWords, hasContext } from './context.ts';
import type { Finding, Reading } from './span.ts';

/** Finds latitudes with longitudes: decimal degrees to ten metres or finer, or degrees, minutes and a direction. */
export function findCoordinates(reading: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: written, 1: latitude, 2: longitude } of reading.text.matchAll(PAIR)) {
    if (Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180) continue;
    const place = { start: index, end: index + written.length };
    const isFine =
      /[,;/]/.test(written) && [latitude, longitude].every((degrees) => /\.\d{4}/.test(degrees ?? ''));
    const confidence = hasContext(reading, place, WORDS) ? 0.9 : isFine ? 0.6 : 0.2;
    found.push({ ...place, confidence });
  }
  for (const { index, 0: written } of reading.text.matchAll(DEGREES)) {
    found.push({ start: index, end: index + written.length, confidence: 0.9 });
  }
  for (const { index, 0: written, 1: label = '' } of reading.text.matchAll(LABELLED)) {
    found.push({ start: index + label.length, end: index + written.length, confidence: 0.85 });
  }
  return found;
}

const PAIR =
  /(?<![\p{L}\p{N}.+-])([+-]?\d{1,3}\.\d{2,10})°?(?: {0,2}[,;/] {0,2}| )([+-]?\d{1,3}\.\d{2,10})°?(?![\p{L}\p{N}]|\.\d|[,;] ?\d)/gu;
const ANGLE = String.raw`\d{1,3}(?:\.\d{1,8})?°(?: ?\d{1,2}(?:\.\d{1,6})?['′’])?(?: ?\d{1,2}(?:\.\d{1,6})?(?:["″”]|''))?`;
const DEGREES = new RegExp(
  String.raw`(?<![\p{L}\p{N}.])${ANGLE} ?[NS][,; ]{0,3}${ANGLE} ?[EWO](?!\p{L})`,
  'gu',
);
const LABELLED =
  /(?<!\p{L})((?:lat(?:itude)?|lon(?:gitude)?|lng)["']?\s{0,3}[:=]\s{0,3}["']?)[+-]?\d{1,3}\.\d{2,15}(?![\p{L}\p{N}])/giu;
const WORDS = contextWords('gps|geo|coordinates?|coords?|location|position|lat(?:itude)?|lon(?:gitude)?|lng');

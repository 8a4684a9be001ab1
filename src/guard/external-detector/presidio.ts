import { z } from 'zod';
import type { DataKind } from '../../core/kinds.ts';
import type { Dialect } from './dialect.ts';

/** Less certain findings do not count. */
const SCORE_MIN = 0.5;

/** `POST /analyze` of Presidio (https://microsoft.github.io/presidio/api-docs/api-docs.html). */
export const presidioDialect: Dialect = {
  path: '/analyze',
  body: (text, { language }) => ({ text, language, score_threshold: SCORE_MIN }),
  read(answer, text) {
    const place = toUnits(text);
    return Findings.parse(answer).flatMap(({ entity_type, start, end, score }) => {
      const kind = KINDS[entity_type];
      if (kind === undefined || (score ?? 1) < SCORE_MIN) return [];
      return [{ kind, value: text.slice(place(start), place(end)) }];
    });
  },
};

const Findings = z.array(
  z.object({
    entity_type: z.string(),
    start: z.int().nonnegative(),
    end: z.int().nonnegative(),
    score: z.number().optional(),
  }),
);

/** Python counts code points, JavaScript UTF-16 units. */
function toUnits(text: string): (codePoint: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (codePoint) => codePoint;
  const units = [0];
  for (const sign of text) units.push((units.at(-1) ?? 0) + sign.length);
  return (codePoint) => units[codePoint] ?? text.length;
}

const KINDS: Readonly<Record<string, DataKind>> = {
  PERSON: 'PERSON',
  LOCATION: 'ADDRESS',
  ORGANIZATION: 'ORGANISATION',
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  CREDIT_CARD: 'CARD',
  IBAN_CODE: 'IBAN',
  IP_ADDRESS: 'IP',
  US_SSN: 'US_SSN',
  US_ITIN: 'US_ITIN',
  US_PASSPORT: 'PASSPORT',
  US_DRIVER_LICENSE: 'DRIVER_LICENSE',
  US_BANK_NUMBER: 'ACCOUNT',
  UK_NHS: 'HEALTH_ID',
  MEDICAL_LICENSE: 'HEALTH_ID',
  CRYPTO: 'CRYPTO_WALLET',
  DATE_TIME: 'DATE',
  URL: 'URL',
};

import { type DataKind, USUAL_KINDS } from '../core/kinds.ts';
import { findAddresses } from './address/address.ts';
import { findAges } from './age.ts';
import { findBase64 } from './base64.ts';
import { findCards } from './card.ts';
import { CODES } from './codes/find-codes.ts';
import { findCoordinates } from './coordinates.ts';
import { findCryptoWallets } from './crypto-wallet.ts';
import { findBirths, findDates } from './dates/find-dates.ts';
import { findEmails } from './email.ts';
import { splitWords } from './fold.ts';
import { findIbans } from './iban.ts';
import { findIps } from './ip.ts';
import type { Judge } from './knowledge.ts';
import { findLabelled } from './labelled.ts';
import { findMacs } from './mac.ts';
import { findOrganisations } from './organisation.ts';
import { resolveOverlaps } from './overlap.ts';
import { findPersons } from './person/person.ts';
import { findPhones } from './phone.ts';
import { findPostcodes } from './postcode.ts';
import { findSalaries } from './salary.ts';
import { findSecrets } from './secrets/find-secrets.ts';
import { type Detector, detectorOf, type Span } from './span.ts';
import { findUrlCredentials, findUrls } from './url.ts';
import { findUsSsns } from './us-ssn.ts';
import { readView } from './view.ts';

export interface DetectOptions {
  readonly kinds?: readonly DataKind[] | undefined;
  /** Name of the field whose value the text is: `{"ssn": "123456789"}` is an SSN by its name alone. */
  readonly field?: string | undefined;
  /** How certain a span of a kind must be at least; 0.5 where nothing is said. */
  readonly thresholds?: Thresholds | undefined;
  /** What the mesh itself knows: its directory, lists and rules. */
  readonly judge?: Judge | undefined;
}

export type Thresholds = Readonly<Partial<Record<DataKind, number>>>;

const THRESHOLD = 0.5;

/** Further kinds are plugged in here: one entry a detector, which may find several kinds. */
const DETECTORS: readonly Detector[] = [
  detectorOf('EMAIL', /@|%40/, findEmails),
  detectorOf('US_SSN', /\d/, findUsSsns),
  detectorOf('PHONE', /\d/, findPhones),
  detectorOf('CARD', /\d/, findCards),
  detectorOf('IBAN', /\d/, findIbans),
  detectorOf('IP', /[\d:]/, findIps),
  CODES,
  {
    kinds: ['ACCOUNT', 'EMPLOYEE_ID', 'DRIVER_LICENSE', 'PASSPORT', 'NATIONAL_ID'],
    needs: /\d/,
    find: findLabelled,
  },
  detectorOf('DATE_OF_BIRTH', /\d/, findBirths),
  detectorOf('DATE', /\d|day/i, findDates),
  detectorOf('URL_CREDENTIALS', /:\/\//, findUrlCredentials),
  detectorOf('URL', /\./, findUrls),
  detectorOf('SECRET', /^/, findSecrets),
  detectorOf('POSTCODE', /\d/, findPostcodes),
  detectorOf('MAC', /[:-][\da-f]{2}[:-]|\.[\da-f]{4}\./i, findMacs),
  detectorOf('COORDINATES', /\d\.\d\d|°/, findCoordinates),
  detectorOf('CRYPTO_WALLET', /bc1|BC1|0x|[13]/, findCryptoWallets),
  detectorOf('SALARY', /\d/, findSalaries),
  detectorOf('AGE', /\d/, findAges),
  detectorOf('PERSON', /\p{L}/u, findPersons),
  detectorOf('ADDRESS', /\d/, findAddresses),
  detectorOf('ORGANISATION', /\p{Lu}/u, findOrganisations),
];

/** The personal data in a text: sorted, never overlapping, in time linear in its length. */
export function detect(text: string, options: DetectOptions = {}): readonly Span[] {
  return resolveOverlaps(findSpans(text, options));
}

/** What every detector says, also where several speak of the same place. */
export function findSpans(text: string, options: DetectOptions = {}): readonly Span[] {
  return findInside(text, options, MOST_ENCODINGS);
}

/** Base64 inside base64 is read this deep. */
const MOST_ENCODINGS = 3;

function findInside(original: string, options: DetectOptions, encodings: number): readonly Span[] {
  const { text, toOriginal } = readView(original);
  const spans = [...runDetectors(text, options), ...findEncoded(text, options, encodings)];
  if (toOriginal === undefined) return spans;
  return spans.map((span) => ({ ...span, ...toOriginal(span.start, span.end) }));
}

function runDetectors(text: string, options: DetectOptions): readonly Span[] {
  const { kinds = USUAL_KINDS, field = '', thresholds = {}, judge } = options;
  const wanted = new Set(kinds);
  const weak = Object.values(thresholds).some((least) => least < THRESHOLD);
  const reading = { text, field: splitWords(field), weak };
  const found: Span[] = [];
  for (const detector of DETECTORS) {
    if (!detector.kinds.some((kind) => wanted.has(kind)) || !detector.needs.test(text)) continue;
    for (const span of detector.find(reading)) {
      if (wanted.has(span.kind) && span.confidence >= (thresholds[span.kind] ?? THRESHOLD)) found.push(span);
    }
  }
  return judge === undefined ? found : judge(reading, found);
}

/** What is personal in base64 makes all of it personal: half of it would be no base64 any more. */
function* findEncoded(text: string, options: DetectOptions, encodings: number): Generator<Span> {
  if (encodings === 0) return;
  for (const { start, end, text: decoded } of findBase64(text)) {
    const [first] = findInside(decoded, { ...options, field: undefined }, encodings - 1);
    if (first !== undefined) yield { ...first, start, end };
  }
}

/**
 * The kinds of personal data that the detectors know. Placeholders, audit rows and profiles use these names. Of two
 * kinds that a value may be of equally well, it is of the one that stands first here.
 */
export const DATA_KINDS = [
  'SECRET',
  'URL_CREDENTIALS',
  'EMAIL',
  'US_SSN',
  'PHONE',
  'CARD',
  'IBAN',
  'IP',
  'MAC',
  'US_ITIN',
  'NATIONAL_ID',
  'TAX_ID',
  'HEALTH_ID',
  'PASSPORT',
  'DRIVER_LICENSE',
  'BANK_ROUTING',
  'ACCOUNT',
  'EMPLOYEE_ID',
  'CRYPTO_WALLET',
  'VEHICLE',
  'COORDINATES',
  'DATE_OF_BIRTH',
  'SALARY',
  'DATE',
  'AGE',
  'POSTCODE',
  'URL',
  'PERSON',
  'ADDRESS',
  'ORGANISATION',
] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/**
 * What only a profile that names them asks for: work is about dates, salaries, web pages and people, and most of it
 * cannot be done without them.
 */
const ON_REQUEST: ReadonlySet<DataKind> = new Set([
  'SALARY',
  'DATE',
  'AGE',
  'POSTCODE',
  'URL',
  'PERSON',
  'ADDRESS',
  'ORGANISATION',
]);

/** What is looked for where nobody says for what. */
export const USUAL_KINDS: readonly DataKind[] = DATA_KINDS.filter((kind) => !ON_REQUEST.has(kind));

/** What the event log never holds. */
export const LOG_KINDS: readonly DataKind[] = [...USUAL_KINDS];

import { DATA_KINDS, type DataKind } from '../../core/kinds.ts';
import { CODE_RULES } from '../codes/rules.ts';

/**
 * What data sets call our kinds. The first is what a value is counted as that the set does not label at its place; the
 * others are right as well: a postcode inside a labelled address is part of it.
 */
const LABELS: Readonly<Record<DataKind, readonly string[]>> = {
  SECRET: ['SECRET', 'PASSWORD', 'API_KEY', 'CREDENTIAL'],
  URL_CREDENTIALS: ['URL_CREDENTIALS', 'URL', 'DOMAIN_NAME'],
  EMAIL: ['EMAIL_ADDRESS', 'EMAIL'],
  US_SSN: ['US_SSN', 'SSN'],
  PHONE: ['PHONE_NUMBER', 'PHONE', 'PH_MOBILE_NUMBER', 'TR_PHONE_NUMBER'],
  CARD: ['CREDIT_CARD', 'CARD', 'CREDIT_CARD_NUMBER'],
  IBAN: ['IBAN_CODE', 'IBAN'],
  IP: ['IP_ADDRESS', 'IP', 'IPV4', 'IPV6'],
  MAC: ['MAC_ADDRESS', 'MAC'],
  US_ITIN: ['US_ITIN', 'ITIN'],
  NATIONAL_ID: ['NATIONAL_ID', 'ID_NUMBER'],
  TAX_ID: ['TAX_ID', 'TAX_NUMBER'],
  HEALTH_ID: ['HEALTH_ID'],
  PASSPORT: ['PASSPORT', 'PASSPORT_NUMBER'],
  DRIVER_LICENSE: ['US_DRIVER_LICENSE', 'DRIVER_LICENSE', 'DRIVERS_LICENSE'],
  BANK_ROUTING: ['ABA_ROUTING_NUMBER', 'BANK_ROUTING'],
  ACCOUNT: ['US_BANK_NUMBER', 'ACCOUNT', 'ACCOUNT_NUMBER', 'BANK_ACCOUNT'],
  EMPLOYEE_ID: ['EMPLOYEE_ID'],
  CRYPTO_WALLET: ['CRYPTO', 'CRYPTO_WALLET'],
  VEHICLE: ['VEHICLE', 'LICENSE_PLATE'],
  COORDINATES: ['COORDINATES', 'COORDINATE'],
  DATE_OF_BIRTH: ['DATE_OF_BIRTH', 'DATE_TIME', 'DATE', 'DOB'],
  SALARY: ['SALARY', 'MONEY'],
  DATE: ['DATE_TIME', 'DATE', 'DATE_OF_BIRTH'],
  AGE: ['AGE'],
  POSTCODE: ['ZIP_CODE', 'POSTCODE', 'ZIP', 'STREET_ADDRESS', 'ADDRESS'],
  URL: ['DOMAIN_NAME', 'URL'],
  PERSON: ['PERSON', 'NAME', 'PER'],
  ADDRESS: ['STREET_ADDRESS', 'ADDRESS', 'GPE', 'LOCATION', 'LOC', 'CITY', 'ZIP_CODE'],
  ORGANISATION: ['ORGANIZATION', 'ORGANISATION', 'ORG', 'COMPANY'],
};

/** Found by what words mean, not by a form of their own; counted apart from the others. */
const UNSTRUCTURED: ReadonlySet<DataKind> = new Set(['PERSON', 'ADDRESS', 'ORGANISATION', 'AGE', 'SALARY']);

/** Forms whose names are labels: those of the codes are called as Presidio calls them. */
export const LABELLED_FORMS: ReadonlySet<string> = new Set(
  CODE_RULES.map(({ form }) => form).filter((form) => form !== 'US_ABA'),
);

/** The kinds that a label stands for. */
export const kindsOf = (label: string): readonly DataKind[] =>
  DATA_KINDS.filter((kind) => LABELS[kind].includes(label));

/** How the kinds and the labels of one data set fit together. */
export interface Labelling {
  /** The kinds that the set has a label for. */
  readonly kinds: readonly DataKind[];
  /** Labels of the set that no kind of ours stands for: all of them are missed. */
  readonly unknown: readonly string[];
  readonly labelsOf: ReadonlyMap<DataKind, readonly string[]>;
  readonly isStructured: (label: string) => boolean;
}

export function matchLabels(labels: ReadonlySet<string>): Labelling {
  const labelsOf = new Map<DataKind, readonly string[]>();
  for (const kind of DATA_KINDS) {
    const known = LABELS[kind].filter((label) => labels.has(label));
    if (known.length > 0) labelsOf.set(kind, known);
  }
  for (const { kind, form } of CODE_RULES) {
    const known = labelsOf.get(kind) ?? [];
    if (labels.has(form) && !known.includes(form)) labelsOf.set(kind, [...known, form]);
  }
  const kinds = DATA_KINDS.filter((kind) => labelsOf.has(kind));
  const known = new Set([...labelsOf.values()].flat());
  const structured = new Set(
    kinds.filter((kind) => !UNSTRUCTURED.has(kind)).flatMap((kind) => labelsOf.get(kind)?.slice(0, 1) ?? []),
  );
  return {
    kinds,
    unknown: [...labels].filter((label) => !known.has(label)).sort(),
    labelsOf,
    isStructured: (label) => structured.has(label),
  };
}

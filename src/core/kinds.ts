/** The kinds of personal data that the detectors know. Placeholders, audit rows and profiles use these names. */
export const DATA_KINDS = ['EMAIL', 'US_SSN', 'PHONE', 'CARD', 'IBAN', 'IP'] as const;
export type DataKind = (typeof DATA_KINDS)[number];

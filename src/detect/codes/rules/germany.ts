import { isDayMonth, isMod1110, isMrz, isVaried, weigh, weighCrosswise } from '../checksums.ts';
import { codeRule } from '../rule.ts';

/** A letter counts as the two digits of its place in the alphabet. */
const spellLetters = (code: string): string =>
  code.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 64).padStart(2, '0'));

function isSocialSecurity(code: string): boolean {
  const digits = spellLetters(code);
  const day = Number(code.slice(2, 4));
  return (
    isDayMonth(String(day > 50 ? day - 50 : day), code.slice(4, 6)) &&
    weighCrosswise(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(code.at(-1))
  );
}

const isHealthInsurance = (code: string): boolean =>
  weighCrosswise(spellLetters(code), [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 === Number(code.at(-1));

const isDoctor = (code: string): boolean =>
  (10 - (weigh(code, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === Number(code[6]);

const TAX_WORDS = 'steuer(?:-?(?:id|nummer|nr))?|st\\.?-?nr|idnr|tin|tax (?:id|number)';
const SERIAL = '[CFGHJKLMNPRTVWXYZ]';

export const GERMAN_CODES = [
  codeRule('NATIONAL_ID', 'DE_TAX_ID', {
    shapes: 'D11|D2 D3 D3 D3',
    pattern: /^[1-9]/,
    isValid: (code) => isVaried(code.slice(0, 10)) && isMod1110(code),
    alone: 0.35,
    words: `${TAX_WORDS}|steuerliche|identifikationsnummer`,
  }),
  codeRule('TAX_ID', 'DE_TAX_NUMBER', {
    shapes: 'D3 D3 D5|D2 D3 D5|D3 D4 D4|D2 D3 D4',
    separators: /^\/\/$/,
    alone: 0.6,
    words: TAX_WORDS,
  }),
  codeRule('TAX_ID', 'DE_TAX_NUMBER', {
    shapes: 'D13',
    pattern: /^(?:0[1-9]|1[0-6]|2[1-8]|3[0-2]|4[01])/,
    alone: 0.1,
    words: TAX_WORDS,
  }),
  codeRule('TAX_ID', 'DE_VAT_ID', {
    shapes: 'L2D9|L2 D9|L2 D3 D3 D3',
    separators: /^[ .-]*$/,
    pattern: /^DE[1-9]/,
    isValid: (code) => isMod1110(code.slice(2)),
    alone: 0.8,
    words: 'ust|umsatzsteuer|vat',
  }),
  codeRule('TAX_ID', 'DE_VAT_ID', {
    shapes: 'L2D9|L2 D9|L2 D3 D3 D3',
    separators: /^[ .-]*$/,
    pattern: /^DE[1-9]/,
    alone: 0.3,
    words: 'ust(?:-?id(?:-?nr)?)?|umsatzsteuer|vat',
  }),
  codeRule('NATIONAL_ID', 'DE_ID_CARD', {
    shapes: '*9',
    pattern: new RegExp(`^(?!\\D{2})(?=.*\\d)${SERIAL}(?:\\d|${SERIAL}){7}\\d$`),
    isValid: isMrz,
    alone: 0.35,
    words: '(?:personal)?ausweis(?:nummer|nr)?|identity card|id card',
  }),
  codeRule('NATIONAL_ID', 'DE_ID_CARD', {
    shapes: 'L1D8',
    pattern: /^T/,
    alone: 0.1,
    words: '(?:personal)?ausweis(?:nummer|nr)?|identity card|id card',
  }),
  codeRule('PASSPORT', 'DE_PASSPORT', {
    shapes: '*9',
    pattern: new RegExp(`^(?=.*\\d)[CFGHJK](?:\\d|${SERIAL}){7}\\d$`),
    isValid: isMrz,
    alone: 0.35,
    words: '(?:reise)?pass(?:nummer|nr|port)?',
  }),
  codeRule('DRIVER_LICENSE', 'DE_FUEHRERSCHEIN', {
    shapes: 'L2D9|L2D8L1',
    alone: 0.2,
    words: 'f(?:ü|ue)hrerschein(?:nummer|nr)?|fahrerlaubnis|driving licen[cs]e',
  }),
  codeRule('NATIONAL_ID', 'DE_SOCIAL_SECURITY', {
    shapes: 'D8L1D3|D2 D6 L1 D3',
    isValid: isSocialSecurity,
    alone: 0.85,
    words: '(?:sozial|renten)versicherung(?:snummer|snr)?|rvnr|svnr',
  }),
  codeRule('HEALTH_ID', 'DE_HEALTH_INSURANCE', {
    shapes: 'L1D9',
    isValid: isHealthInsurance,
    alone: 0.55,
    words: 'kvnr|kranken(?:kasse|versicherung|versichertennummer)|versichertennummer',
  }),
  codeRule('HEALTH_ID', 'DE_LANR', {
    shapes: 'D9',
    isValid: isDoctor,
    alone: 0.2,
    words: 'lanr|arzt(?:nummer|nr)?',
  }),
  codeRule('HEALTH_ID', 'DE_BSNR', {
    shapes: 'D9',
    pattern: /^(?:0[1-35]|1[37]|2[01]|35|38|39|4[68]|5[124]|7[1-38]|8[38]|9[38])/,
    alone: 0.1,
    words: 'bsnr|betriebsst(?:ä|ae)tten(?:nummer|nr)?|praxis',
  }),
  codeRule('TAX_ID', 'DE_HANDELSREGISTER', {
    shapes: 'L3 D1|L3 D2|L3 D3|L3 D4|L3 D5|L3 D6|L3D4|L3D5|L3D6',
    pattern: /^HR[AB]/,
    separators: /^ ?$/,
    alone: 0.7,
    words: 'amtsgericht|handelsregister(?:nummer)?|registergericht',
  }),
  codeRule('VEHICLE', 'DE_KFZ', {
    shapes: [1, 2, 3]
      .flatMap((a) => [1, 2].flatMap((b) => [1, 2, 3, 4].map((c) => `L${a} L${b} D${c}`)))
      .flatMap((shape) => [shape, `${shape}L1`])
      .join('|'),
    pattern: /\d[HE]?$/,
    separators: /^(?:--| {2}|- )$/,
    alone: 0.15,
    words: '(?:kfz-?)?kennzeichen|kfz|fahrzeug|plates?',
  }),
  codeRule('POSTCODE', 'DE_PLZ', {
    shapes: 'D5',
    pattern: /^(?!0{2}|9{5})/,
    alone: 0.1,
    words: 'plz|postleitzahl',
  }),
] as const;

import { isDayMonth, isLuhn, isVaried, signsOf } from '../checksums.ts';
import { codeRule } from '../rule.ts';

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** The letter is the number modulo 23; of a foreigner's number X, Y and Z count 0, 1 and 2. */
function isNif(code: string): boolean {
  const number = Number(code.slice(0, -1).replace(/^[XYZ]/, (sign) => String('XYZ'.indexOf(sign))));
  return NIF_LETTERS.charAt(number % 23) === code.at(-1);
}

// Where people have the same code, letters stand for some of its digits ("omocodia").
const FISCAL = /^[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/;
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isFiscal(code: string): boolean {
  const sum = signsOf(code.slice(0, 15)).reduce((total, sign, index) => {
    const value = /\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
    return total + (index % 2 === 0 ? (ODD[value] ?? 0) : value);
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === code.at(-1);
}

/** 97 less the number modulo 97; Corsica's departments 2A and 2B count 19 and 18. */
function isNir(code: string): boolean {
  const body = code.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - (Number(body) % 97) === Number(code.slice(13));
}

function isPortuguese(code: string): boolean {
  const sum = [9, 8, 7, 6, 5, 4, 3, 2].reduce((total, weight, at) => total + weight * Number(code[at]), 0);
  return (sum % 11 < 2 ? 0 : 11 - (sum % 11)) === Number(code[8]);
}

export const SOUTHERN_CODES = [
  codeRule('NATIONAL_ID', 'ES_NIF', {
    shapes: 'D8L1|D8 L1|D7L1|D7 L1',
    separators: /^-?$/,
    isValid: isNif,
    alone: 0.75,
    words: 'nif|dni|documento nacional',
  }),
  codeRule('NATIONAL_ID', 'ES_NIE', {
    shapes: 'L1D7L1|L1D7 L1|L1 D7 L1',
    separators: /^-*$/,
    pattern: /^[XYZ]/,
    isValid: isNif,
    alone: 0.8,
    words: 'nie|extranjero',
  }),
  codeRule('PASSPORT', 'ES_PASSPORT', { shapes: 'L3D6', alone: 0.1, words: 'pasaportes?|passports?' }),
  codeRule('NATIONAL_ID', 'IT_FISCAL_CODE', {
    shapes: '*16',
    pattern: FISCAL,
    isValid: isFiscal,
    alone: 0.98,
    words: 'codice fiscale',
  }),
  codeRule('NATIONAL_ID', 'IT_FISCAL_CODE', {
    shapes: '*16',
    pattern: FISCAL,
    alone: 0.45,
    words: 'codice fiscale',
  }),
  codeRule('DRIVER_LICENSE', 'IT_DRIVER_LICENSE', {
    shapes: '*10',
    pattern: /^(?:[A-Z]{2}\d{7}[A-Z]|U1[B-DF-HJ-NP-TV-Z\d]{7}[A-Z])$/,
    alone: 0.3,
    words: 'patente|guida|driv(?:ing|er) licen[cs]e',
  }),
  codeRule('NATIONAL_ID', 'IT_IDENTITY_CARD', {
    shapes: 'D7L2|L2D7|L2D5L2',
    alone: 0.1,
    words: "carta d'? ?identit[aà]|cie|identity card",
  }),
  codeRule('PASSPORT', 'IT_PASSPORT', { shapes: 'L2D7', alone: 0.1, words: 'passaporto|passports?' }),
  codeRule('TAX_ID', 'IT_VAT_CODE', {
    shapes: 'D11',
    isValid: (code) => isVaried(code) && isLuhn(code),
    alone: 0.2,
    words: 'p(?:artita)?\\.? ?iva|vat',
  }),
  codeRule('NATIONAL_ID', 'FR_NIR', {
    shapes: 'D15|D13 D2|D1 D2 D2 D2 D3 D3 D2|D1D1L1D3D3D2',
    pattern: /^[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)/,
    isValid: isNir,
    alone: 0.85,
    words: 'nir|insee|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu',
  }),
  codeRule('TAX_ID', 'FR_SIRET', {
    shapes: 'D14|D3 D3 D3 D5',
    isValid: (code) => isVaried(code) && isLuhn(code),
    alone: 0.3,
    words: 'siret',
  }),
  codeRule('NATIONAL_ID', 'PT_NIF', {
    shapes: 'D9|D3 D3 D3',
    pattern: /^[1-35689]/,
    isValid: (code) => isVaried(code) && isPortuguese(code),
    alone: 0.2,
    words: 'nif|contribuinte',
  }),
  codeRule('NATIONAL_ID', 'TR_NATIONAL_ID', {
    shapes: 'D11',
    pattern: /^[1-9]/,
    isValid: isTurkish,
    alone: 0.4,
    words: 'tckn|t\\.?c\\.?(?: kimlik)?|kimlik',
  }),
  codeRule('VEHICLE', 'TR_LICENSE_PLATE', {
    shapes: [1, 2, 3].flatMap((a) => [2, 3, 4, 5].map((b) => `D2 L${a} D${b}`)).join('|'),
    pattern: /^(?:0[1-9]|[1-7]\d|8[01])/,
    separators: /^ {2}$/,
    alone: 0.2,
    words: 'plaka(?:s[ıi]|lar)?|plates?',
  }),
  codeRule('NATIONAL_ID', 'ZA_ID_NUMBER', {
    shapes: 'D13|D6 D4 D2 D1|D6 D4 D3',
    pattern: /^\d{10}[012]/,
    isValid: (code) => isDayMonth(code.slice(4, 6), code.slice(2, 4)) && isLuhn(code),
    alone: 0.45,
    words: '(?:rsa|sa|south african|refugee)? ?id(?:entity)?(?: (?:number|no|document))?',
  }),
  codeRule('VEHICLE', 'NG_VEHICLE_REGISTRATION', {
    shapes: 'L3 D3L2',
    separators: /^[ -]$/,
    alone: 0.25,
    words: 'plates?|vehicle|registration',
  }),
] as const;

/** The tenth digit from those in odd and in even places, the eleventh from the sum of all. */
function isTurkish(code: string): boolean {
  const digits = signsOf(code).map(Number);
  const sum = (from: number, to: number, step: number) => {
    let total = 0;
    for (let at = from; at < to; at += step) total += digits[at] ?? 0;
    return total;
  };
  const tenth = (((sum(0, 9, 2) * 7 - sum(1, 8, 2)) % 10) + 10) % 10;
  return tenth === digits[9] && sum(0, 10, 1) % 10 === digits[10];
}

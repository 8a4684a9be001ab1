import { hasYearFirst, isLuhn, isVaried, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

/** Modulo 11 with the rest taken from eleven; ten and eleven count zero. */
function cpfDigit(code: string, weights: readonly number[]): number {
  const rest = 11 - (weigh(code, weights) % 11);
  return rest > 9 ? 0 : rest;
}

function hasCpfDigits(code: string, first: readonly number[], second: readonly number[]): boolean {
  return (
    cpfDigit(code, first) === Number(code[first.length]) &&
    cpfDigit(code, second) === Number(code[second.length])
  );
}

const isCpf = (code: string): boolean =>
  isVaried(code) && hasCpfDigits(code, [10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);

const isCnpj = (code: string): boolean =>
  isVaried(code) &&
  hasCpfDigits(code, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);

function isCuit(code: string): boolean {
  const rest = 11 - (weigh(code, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (rest === 11 ? 0 : rest) === Number(code[10]);
}

function isRut(code: string): boolean {
  const body = code.slice(0, -1).padStart(8, '0');
  const rest = 11 - (weigh(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return '0123456789K0'.charAt(rest === 11 ? 0 : rest) === code.at(-1);
}

export const AMERICAN_CODES = [
  codeRule('NATIONAL_ID', 'CA_SIN', {
    shapes: 'D3 D3 D3',
    pattern: /^[1-79]/,
    isValid: (code) => isVaried(code) && isLuhn(code),
    alone: 0.55,
    words: 'sins?|social insurance',
  }),
  codeRule('NATIONAL_ID', 'CA_SIN', {
    shapes: 'D9',
    pattern: /^[1-79]/,
    isValid: (code) => isVaried(code) && isLuhn(code),
    alone: 0.2,
    words: 'sins?|social insurance',
  }),
  codeRule('NATIONAL_ID', 'BR_CPF', {
    shapes: 'D3 D3 D3 D2',
    separators: /^(?:\.\.-|---| {3})$/,
    isValid: isCpf,
    alone: 0.95,
    words: 'cpf',
  }),
  codeRule('NATIONAL_ID', 'BR_CPF', { shapes: 'D11', isValid: isCpf, alone: 0.35, words: 'cpf' }),
  codeRule('TAX_ID', 'BR_CNPJ', {
    shapes: 'D2 D3 D3 D4 D2',
    separators: /^\.\.\/-$/,
    isValid: isCnpj,
    alone: 0.95,
    words: 'cnpj',
  }),
  codeRule('TAX_ID', 'BR_CNPJ', { shapes: 'D14', isValid: isCnpj, alone: 0.35, words: 'cnpj' }),
  codeRule('TAX_ID', 'AR_CUIT', {
    shapes: 'D2 D8 D1',
    pattern: /^(?:2[034567]|3[034])/,
    separators: /^--$/,
    isValid: isCuit,
    alone: 0.8,
    words: 'cui[tl]',
  }),
  codeRule('NATIONAL_ID', 'CL_RUT', {
    shapes: 'D1 D3 D3 D1|D2 D3 D3 D1|D1 D3 D3 L1|D2 D3 D3 L1|D7 D1|D8 D1|D7 L1|D8 L1',
    separators: /^(?:\.\.)?-$/,
    isValid: isRut,
    alone: 0.55,
    words: 'ru[nt]|rol [uú]nico',
  }),
  codeRule('NATIONAL_ID', 'MX_CURP', {
    shapes: '*18',
    pattern: /^[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\d$/,
    isValid: (code) => hasYearFirst(code, 4),
    alone: 0.95,
    words: 'curp',
  }),
  codeRule('TAX_ID', 'MX_RFC', {
    shapes: '*13',
    pattern: /^[A-ZÑ]{4}\d{6}[0-9A-Z]{2}[0-9A]$/,
    isValid: (code) => hasYearFirst(code, 4),
    alone: 0.6,
    words: 'rfc',
  }),
] as const;

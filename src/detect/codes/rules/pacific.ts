import { isVaried, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

/** The first digit less one; the weighted sum is divisible by 89. */
const isAbn = (code: string): boolean =>
  (weigh(code, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;

const isAcn = (code: string): boolean =>
  (10 - (weigh(code, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === Number(code[8]);

const isTfn = (code: string): boolean =>
  isVaried(code) && weigh(code, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;

const isMedicare = (code: string): boolean => weigh(code, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(code[8]);

function isIrd(code: string): boolean {
  const padded = code.padStart(9, '0');
  const check = (weights: readonly number[]) => (11 - (weigh(padded, weights) % 11)) % 11;
  const first = check([3, 2, 7, 6, 5, 4, 3, 2]);
  return (first === 10 ? check([7, 4, 3, 2, 5, 2, 7, 6]) : first) === Number(padded[8]);
}

export const PACIFIC_CODES = [
  codeRule('TAX_ID', 'AU_ABN', { shapes: 'D11', isValid: isAbn, alone: 0.4, words: 'abn|business number' }),
  codeRule('TAX_ID', 'AU_ABN', {
    shapes: 'D2 D3 D3 D3',
    separators: /^ {3}$/,
    isValid: isAbn,
    alone: 0.8,
    words: 'abn|business number',
  }),
  codeRule('TAX_ID', 'AU_ACN', {
    shapes: 'D9|D3 D3 D3',
    separators: /^ *$/,
    isValid: isAcn,
    alone: 0.25,
    words: 'acn|company number',
  }),
  codeRule('TAX_ID', 'AU_TFN', {
    shapes: 'D9|D3 D3 D3',
    isValid: isTfn,
    alone: 0.3,
    words: 'tfn|tax file',
  }),
  codeRule('HEALTH_ID', 'AU_MEDICARE', {
    shapes: 'D10|D4 D5 D1',
    pattern: /^[2-6]/,
    isValid: isMedicare,
    alone: 0.3,
    words: 'medicare',
  }),
  codeRule('TAX_ID', 'NZ_IRD', {
    shapes: 'D2 D3 D3|D3 D3 D3|D8|D9',
    separators: /^-*$/,
    isValid: isIrd,
    alone: 0.2,
    words: 'ird',
  }),
] as const;

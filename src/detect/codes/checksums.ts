/** Check digits. Every function takes a code without separators, in upper case. */

/** The letters and digits of a code, all of them ASCII. */
export const signsOf = (code: string): readonly string[] => Array.from(code);

const digitsOf = (code: string): readonly number[] => signsOf(code).map(Number);

export function weigh(code: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(code[index]), 0);
}

/** Sum of the digits of each product, as Luhn does. */
export function weighCrosswise(code: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => {
    const product = weight * Number(code[index]);
    return sum + Math.floor(product / 10) + (product % 10);
  }, 0);
}

/** ISO/IEC 7812-1. */
export function isLuhn(code: string): boolean {
  let sum = 0;
  for (let index = 0; index < code.length; index += 1) {
    const digit = code.charCodeAt(code.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum > 0 && sum % 10 === 0;
}

/** ISO 7064 MOD 11,10: as the German tax number has it. */
export function isMod1110(code: string): boolean {
  let product = 10;
  for (const digit of digitsOf(code.slice(0, -1))) {
    const sum = (digit + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === Number(code.at(-1));
}

/** ISO 7064 MOD 11-2: X stands for ten. */
export function isMod112(code: string): boolean {
  const sum = digitsOf(code.slice(0, -1)).reduce((rest, digit) => ((rest + digit) * 2) % 11, 0);
  return '0123456789X'.charAt((12 - sum) % 11) === code.at(-1);
}

/** EAN-13 and its like: weights 1 and 3. */
export function isEan(code: string): boolean {
  return digitsOf(code).reduce((sum, digit, index) => sum + digit * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

/** ICAO 9303: weights 7, 3, 1; letters count from ten. */
export function isMrz(code: string): boolean {
  const sum = signsOf(code.slice(0, -1)).reduce(
    (total, sign, index) => total + Number.parseInt(sign, 36) * ([7, 3, 1][index % 3] ?? 0),
    0,
  );
  return sum % 10 === Number(code.at(-1));
}

/** Verhoeff's scheme over the group D5, as Aadhaar has it. */
export function isVerhoeff(code: string): boolean {
  return (
    signsOf(code)
      .toReversed()
      .reduce((check, sign, index) => {
        let digit = Number(sign);
        for (let turn = index % 8; turn > 0; turn -= 1) digit = PERMUTATION[digit] ?? 0;
        return multiply(check, digit);
      }, 0) === 0
  );
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

function multiply(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
}

/** Whether not all signs are the same: a row of ones passes many a sum. */
export const isVaried = (code: string): boolean => new Set(code).size > 1;

/** Day and month as `DDMM` or `MMDD`, in whichever place a country has them. */
export function isDayMonth(day: string, month: string): boolean {
  const [d, m] = [Number(day), Number(month)];
  return m >= 1 && m <= 12 && d >= 1 && d <= (DAYS[m - 1] ?? 0);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a code has a date at a place, as `YYMMDD`. */
export const hasYearFirst = (code: string, at = 0): boolean =>
  isDayMonth(code.slice(at + 4, at + 6), code.slice(at + 2, at + 4));

/** Whether a code has a date at its beginning, as `DDMMYY`. */
export const hasDayFirst = (code: string): boolean => isDayMonth(code.slice(0, 2), code.slice(2, 4));

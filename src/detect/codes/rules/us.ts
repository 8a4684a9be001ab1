import { isLuhn, isVaried, signsOf, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

const MBI = '[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\\d';

export const US_CODES = [
  codeRule('US_ITIN', 'US_ITIN', {
    shapes: 'D3 D2 D4',
    pattern: /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/,
    alone: 0.75,
    words: 'itins?|tax[ _-]?payer|tax id',
  }),
  codeRule('US_ITIN', 'US_ITIN', {
    shapes: 'D9',
    pattern: /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/,
    alone: 0.2,
    words: 'itins?|tax[ _-]?payer|tax id',
  }),
  codeRule('BANK_ROUTING', 'US_ABA', {
    shapes: 'D9|D4 D4 D1',
    pattern: /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/,
    isValid: (code) => isVaried(code) && weigh(code, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
    alone: 0.3,
    words: 'aba|rtn|routing(?: transit)?(?: (?:number|no|code))?|bank code',
  }),
  codeRule('HEALTH_ID', 'US_MBI', {
    shapes: '*11',
    pattern: new RegExp(`^${MBI}[AC-HJKMNP-RT-Y]{2}\\d\\d$`),
    alone: 0.6,
    words: 'mbi|medicare|beneficiary',
  }),
  codeRule('HEALTH_ID', 'US_MBI', {
    shapes: [['D1L1D2', 'D1L2D1'], ['L1D2', 'L2D1'], ['L2D2']]
      .reduce<readonly string[]>(
        (heads, tails) => heads.flatMap((head) => tails.map((tail) => `${head} ${tail}`.trim())),
        [''],
      )
      .join('|'),
    pattern: new RegExp(`^${MBI}[AC-HJKMNP-RT-Y]{2}\\d\\d$`),
    alone: 0.8,
    words: 'mbi|medicare|beneficiary',
  }),
  codeRule('HEALTH_ID', 'US_NPI', {
    shapes: 'D10|D4 D3 D3',
    pattern: /^[12](?!(\d)\1{7})/,
    isValid: (code) => isLuhn(`80840${code}`),
    alone: 0.3,
    words: 'npis?|provider|physician|prescriber',
  }),
  codeRule('HEALTH_ID', 'MEDICAL_LICENSE', {
    shapes: 'L2D7|L1D8',
    pattern: /^[A-HJ-NPRSTUX][A-Z9]/,
    isValid: (code) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, check = 0] = signsOf(code.slice(2)).map(Number);
      return (a + c + e + 2 * (b + d + f)) % 10 === check;
    },
    alone: 0.3,
    words: 'dea|medical licen[cs]e|certificate|prescriber',
  }),
  codeRule('PASSPORT', 'US_PASSPORT', {
    shapes: 'D9|L1D8',
    alone: 0.1,
    words: 'passports?|travel document',
  }),
  codeRule('POSTCODE', 'US_ZIP', {
    shapes: 'D5|D5 D4',
    separators: /^-?$/,
    alone: 0.1,
    words: 'zip(?: ?codes?)?|postal codes?|postcodes?',
  }),
] as const;

import { hasYearFirst, isLuhn, isMod112, isVaried, isVerhoeff, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

const NRIC_WEIGHTS = [2, 7, 6, 5, 4, 3, 2];

function isNric(code: string): boolean {
  const [series, check] = [code.charAt(0), code.charAt(8)];
  const offset = 'TG'.includes(series) ? 4 : series === 'M' ? 3 : 0;
  const rest = (weigh(code.slice(1), NRIC_WEIGHTS) + offset) % 11;
  if (series === 'M') return 'XWUTRQPNJLK'.charAt(10 - rest) === check;
  return ('ST'.includes(series) ? 'JZIHGFEDCBA' : 'XWUTRQPMLNK').charAt(rest) === check;
}

function isThai(code: string): boolean {
  const sum = weigh(code, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return (11 - (sum % 11)) % 10 === Number(code[12]);
}

function isKoreanBusiness(code: string): boolean {
  const sum = weigh(code, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(code[8]) * 5) / 10);
  return (10 - (sum % 10)) % 10 === Number(code[9]);
}

function isTaiwanese(code: string): boolean {
  const letter = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(code.charAt(0)) + 10;
  const spelled = `${letter}${code.slice(1)}`;
  return weigh(spelled, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

function isJapanese(code: string): boolean {
  const rest = weigh(code, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === Number(code[11]);
}

/** Sum of digits by their place from 9 down, modulo 11. */
const isPhilippine = (code: string): boolean =>
  weigh(code, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(code[8]);

const RESIDENT = /^\d{6}(?:0[1-9]|[1-8]\d|9[0-5])?/;
const PASSPORT = 'passports?|travel document';

export const ASIAN_CODES = [
  codeRule('NATIONAL_ID', 'IN_AADHAAR', {
    shapes: 'D4 D4 D4',
    pattern: /^[2-9]/,
    separators: /^(?: {2}|--|::)$/,
    isValid: isVerhoeff,
    alone: 0.55,
    words: 'aa?dhaar|uidai|uid',
  }),
  codeRule('NATIONAL_ID', 'IN_AADHAAR', {
    shapes: 'D12',
    pattern: /^[2-9]/,
    isValid: isVerhoeff,
    alone: 0.3,
    words: 'aa?dhaar|uidai|uid',
  }),
  codeRule('TAX_ID', 'IN_PAN', {
    shapes: 'L5D4L1',
    pattern: /^[A-Z]{3}[ABCFGHJLPT]/,
    alone: 0.75,
    words: 'pan(?: (?:number|card|no))?|permanent account',
  }),
  codeRule('TAX_ID', 'IN_PAN', { shapes: 'L1D4L5|L5D4L1', alone: 0.1, words: 'pan|permanent account' }),
  codeRule('TAX_ID', 'IN_GSTIN', {
    shapes: '*15',
    pattern: /^(?:0[1-9]|[12]\d|3[0-7])[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/,
    alone: 0.85,
    words: 'gst(?:in)?',
  }),
  codeRule('NATIONAL_ID', 'IN_VOTER', { shapes: 'L3D7', alone: 0.15, words: 'voters?|epic|election' }),
  codeRule('PASSPORT', 'IN_PASSPORT', {
    shapes: 'L1D7',
    pattern: /^[A-PR-WY][1-9]\d{5}[1-9]$/,
    alone: 0.1,
    words: PASSPORT,
  }),
  codeRule('VEHICLE', 'IN_VEHICLE_REGISTRATION', {
    shapes: 'L2D2L2D4|L2D2L1D4|L2D1L3D4|L2D2L3D4|L3D4|L2 D2 L2 D4',
    alone: 0.2,
    words: 'vehicles?|registrations?|bikes?|cars?|plates?',
  }),
  codeRule('NATIONAL_ID', 'SG_NRIC_FIN', {
    shapes: 'L1D7L1',
    pattern: /^[STFGM]/,
    isValid: isNric,
    alone: 0.85,
    words: 'nric|fin|identity card',
  }),
  codeRule('NATIONAL_ID', 'SG_NRIC_FIN', { shapes: 'L1D7L1', alone: 0.15, words: 'nric|fin' }),
  codeRule('TAX_ID', 'SG_UEN', {
    shapes: 'D8L1|D9L1|L1D2L2D4L1',
    pattern: /^(?:\d{8}|(?:19|20)\d{7}|[TSR]\d\d[A-Z]{2}\d{4})[A-Z]$/,
    alone: 0.15,
    words: 'uen|unique entity',
  }),
  codeRule('NATIONAL_ID', 'KR_RRN', {
    shapes: 'D6 D7',
    separators: /^-$/,
    pattern: /^\d{6}[1-4](?:[0-8]\d|9[0-6])/,
    isValid: hasYearFirst,
    alone: 0.85,
    words: 'rrn|resident registration|주민등록번호',
  }),
  codeRule('NATIONAL_ID', 'KR_RRN', {
    shapes: 'D13',
    pattern: /^\d{6}[1-4](?:[0-8]\d|9[0-6])/,
    isValid: hasYearFirst,
    alone: 0.2,
    words: 'rrn|resident registration|주민등록번호',
  }),
  codeRule('NATIONAL_ID', 'KR_FRN', {
    shapes: 'D6 D7',
    separators: /^-$/,
    pattern: /^\d{6}[5-8]/,
    isValid: hasYearFirst,
    alone: 0.8,
    words: 'frn|foreigner registration|외국인등록번호',
  }),
  codeRule('NATIONAL_ID', 'KR_FRN', {
    shapes: 'D13',
    pattern: /^\d{6}[5-8]/,
    isValid: hasYearFirst,
    alone: 0.2,
    words: 'frn|foreigner registration|외국인등록번호',
  }),
  codeRule('TAX_ID', 'KR_BRN', {
    shapes: 'D10|D3 D2 D5',
    isValid: isKoreanBusiness,
    alone: 0.3,
    words: 'brn|business registration|사업자등록번호',
  }),
  codeRule('DRIVER_LICENSE', 'KR_DRIVER_LICENSE', {
    shapes: 'D12|D2 D2 D6 D2',
    pattern: /^(?:1[1-9]|2[0-8])/,
    alone: 0.2,
    words: 'driver|driving|운전면허',
  }),
  codeRule('PASSPORT', 'KR_PASSPORT', {
    shapes: 'L1D3L1D4|L1D8',
    pattern: /^[MSRODG]/,
    alone: 0.15,
    words: `${PASSPORT}|여권(?:번호)?`,
  }),
  codeRule('NATIONAL_ID', 'TH_TNIN', {
    shapes: 'D13|D1 D4 D5 D2 D1',
    pattern: /^[1-8](?:1\d|2[0-7]|3\d|4\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/,
    isValid: isThai,
    alone: 0.35,
    words: 'tnin|thai(?: national)? id|เลขประจำตัวประชาชน',
  }),
  codeRule('NATIONAL_ID', 'CN_RESIDENT_ID', {
    shapes: 'D18|D17L1',
    pattern: /^[1-9]\d{5}(?:19|20)\d{9}[\dX]$/,
    isValid: (code) => hasYearFirst(code, 8) && isMod112(code),
    alone: 0.95,
    words: '身份证(?:号码?)?|resident id',
  }),
  codeRule('NATIONAL_ID', 'TW_ID', {
    shapes: 'L1D9',
    pattern: /^[A-Z][1289]/,
    isValid: isTaiwanese,
    alone: 0.6,
    words: '身分證(?:字號)?|national id',
  }),
  codeRule('NATIONAL_ID', 'JP_MY_NUMBER', {
    shapes: 'D12|D4 D4 D4',
    isValid: (code) => isVaried(code) && isJapanese(code),
    alone: 0.25,
    words: 'my number|マイナンバー|個人番号',
  }),
  codeRule('NATIONAL_ID', 'MY_NRIC', {
    shapes: 'D6 D2 D4',
    separators: /^--$/,
    pattern: RESIDENT,
    isValid: hasYearFirst,
    alone: 0.75,
    words: 'nric|mykad|kad pengenalan',
  }),
  codeRule('NATIONAL_ID', 'IL_ID', {
    shapes: 'D9',
    isValid: (code) => isVaried(code) && isLuhn(code),
    alone: 0.1,
    words: 'teudat zehut|israeli id|תעודת זהות|ת\\.?ז',
  }),
  codeRule('TAX_ID', 'PH_TIN', {
    shapes: 'D9|D3 D3 D3|D3 D3 D3 D3',
    isValid: (code) => isVaried(code) && isPhilippine(code),
    alone: 0.3,
    words: 'tin|tax id(?:entification)?(?: (?:number|no))?',
  }),
] as const;

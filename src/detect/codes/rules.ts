import type { CodeRule } from './rule.ts';
import { AMERICAN_CODES } from './rules/americas.ts';
import { ASIAN_CODES } from './rules/asia.ts';
import { BRITISH_CODES } from './rules/britain.ts';
import { EUROPEAN_CODES } from './rules/europe.ts';
import { GERMAN_CODES } from './rules/germany.ts';
import { NORTHERN_CODES } from './rules/north.ts';
import { PACIFIC_CODES } from './rules/pacific.ts';
import { SOUTHERN_CODES } from './rules/south.ts';
import { US_CODES } from './rules/us.ts';

export const CODE_RULES: readonly CodeRule[] = [
  ...US_CODES,
  ...AMERICAN_CODES,
  ...BRITISH_CODES,
  ...GERMAN_CODES,
  ...SOUTHERN_CODES,
  ...NORTHERN_CODES,
  ...EUROPEAN_CODES,
  ...ASIAN_CODES,
  ...PACIFIC_CODES,
];

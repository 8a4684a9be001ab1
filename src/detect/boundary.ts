/**
 * Where a number with a strict form of its own may begin and end: not inside a word, and not where a hyphen or a
 * point joins it to more digits. Every other sign may stand at its side, since rows are parted by commas, tabs,
 * bars, colons, slashes and underscores alike. Sources of regular expressions with the flag `u`.
 */
export const NUMBER_START = String.raw`(?<![\p{L}\p{N}]|\d[-.])`;
export const NUMBER_END = String.raw`(?![\p{L}\p{N}]|[-.]\d)`;

import { expectString, malformed } from './expect.ts';
import { identifier, type MaskPlace } from './places.ts';

/** Words that requests of several shapes hold. */

export const modelName = identifier(/^[\w.:/@+-]{1,200}$/, 'the name of a model');
export const toolName = identifier(/^[\w.:/-]{1,128}$/, 'the name of a tool');
/** Of a tool call, an item, a file. Some gateways put state into it, in base64 and of any length. */
export const id = identifier(/^[\w.:/+=|-]*$/, 'an id');
export const word = identifier(/^[\w.-]{1,64}$/, 'a word');

const shortSeal = identifier(/^[\w+/=.:-]*$/, 'what the provider encrypted');

/**
 * What a provider has encrypted or signed, and wants back as it was. Nothing is looked for in a long one: in so much
 * base64, chance writes everything that has no sign of its own.
 */
export const seal: MaskPlace = (value, path) => {
  const text = expectString(value, path);
  if (text.length < 64) return shortSeal(text, path);
  if (!/^[\w+/=.:-]*$/.test(text)) throw malformed(path, 'what the provider encrypted');
  return text;
};

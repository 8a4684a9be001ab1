import { MeshError, messageOf } from '../core/errors.ts';
import { isJsonObject, JsonObject } from '../core/json.ts';

/** An amount of money on the command line: 125000, 125000.50, 125,000. */
export function parseAmount(text: string): number {
  const amount = Number(text.replaceAll(',', ''));
  if (text.trim() !== '' && Number.isFinite(amount) && amount >= 0) return amount;
  throw new MeshError('usage', `Expected an amount such as 125000, found ${JSON.stringify(text)}.`);
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new MeshError('usage', `Expected a number greater than 0, found ${JSON.stringify(text)}.`);
}

/** A JSON object on the command line. */
export function parseData(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MeshError('usage', `Expected a JSON object, but it does not parse: ${messageOf(error)}.`);
  }
  if (isJsonObject(value)) return JsonObject.parse(value);
  throw new MeshError('usage', `Expected a JSON object such as {"quarter":"Q1"}, found ${text}.`);
}

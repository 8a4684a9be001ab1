import type { Masker } from '../mask.ts';
import { expectArray, expectObject, expectString } from './expect.ts';
import type { JsonObject } from './shape.ts';

/** Masks the value at one place of a request. `path` is for error messages. */
export type MaskPlace = (value: unknown, path: string, masker: Masker) => unknown;

/** A word of the protocol: it passes as it is. */
export const literal: MaskPlace = expectString;

/** An object with some places of its own; every other key and value is masked as plain JSON. */
export function fields(places: Readonly<Record<string, MaskPlace>>) {
  const known = new Map(Object.entries(places));
  return (value: unknown, path: string, masker: Masker): JsonObject =>
    Object.fromEntries(
      Object.entries(expectObject(value, path)).map(([key, item]) => {
        const place = known.get(key);
        if (place === undefined) return [masker.text(key), masker.json(item, key)];
        return [key, place(item, path === '' ? key : `${path}.${key}`, masker)];
      }),
    );
}

/** An array of equal places. */
export function each(place: MaskPlace): MaskPlace {
  return (value, path, masker) =>
    expectArray(value, path).map((item, index) => place(item, `${path}[${index}]`, masker));
}

/** A place that may be null, as optional ones may in the JSON of many clients. */
export function nullable(place: MaskPlace): MaskPlace {
  return (value, path, masker) => (value === null ? null : place(value, path, masker));
}

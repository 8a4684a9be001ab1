import type { Masker } from '../mask.ts';
import { expectArray, expectObject, unknownField } from './expect.ts';
import type { MaskPlace } from './places.ts';
import type { JsonObject } from './shape.ts';

/** An object whose other fields are refused: they may hold what the guard cannot read. */
export function fields(places: Readonly<Record<string, MaskPlace>>) {
  return mapFields(places, (key, _item, path) => {
    throw unknownField(key, path);
  });
}

/** An object whose other fields are masked as plain JSON: what stands there is text whatever it is called. */
export function openFields(places: Readonly<Record<string, MaskPlace>>) {
  return mapFields(places, (key, item, _path, masker) => [masker.text(key), masker.json(item, key)]);
}

/** An array of equal places. */
export function each(place: MaskPlace): MaskPlace {
  return (value, path, masker) =>
    expectArray(value, path).map((item, index) => place(item, `${path}[${index}]`, masker));
}

/** A known field with null holds nothing, as optional ones do in the JSON of many clients. */
function mapFields(
  places: Readonly<Record<string, MaskPlace>>,
  mapOther: (key: string, item: unknown, path: string, masker: Masker) => [string, unknown],
) {
  const known = new Map(Object.entries(places));
  return (value: unknown, path: string, masker: Masker): JsonObject =>
    Object.fromEntries(
      Object.entries(expectObject(value, path)).map(([key, item]) => {
        const place = known.get(key);
        if (place === undefined) return mapOther(key, item, path, masker);
        return [key, item === null ? null : place(item, path === '' ? key : `${path}.${key}`, masker)];
      }),
    );
}

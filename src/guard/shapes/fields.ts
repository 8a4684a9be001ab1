import { expectArray, expectObject, unknownField, unreadable } from './expect.ts';
import type { MaskPlace, PlaceMasker } from './places.ts';
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

/** An object whose `type` says which table it follows. */
export function byType(places: Readonly<Record<string, MaskPlace>>): MaskPlace {
  const known = new Map(Object.entries(places));
  return (value, path, masker) => {
    const { type } = expectObject(value, path);
    const place = typeof type === 'string' ? known.get(type) : undefined;
    if (place === undefined) throw unreadable(path, 'the guard does not know its type');
    return place(value, path, masker);
  };
}

/** An array of equal places. */
export function each(place: MaskPlace): MaskPlace {
  return (value, path, masker) =>
    expectArray(value, path).map((item, index) => place(item, `${path}[${index}]`, masker));
}

/** A known field with null holds nothing, as optional ones do in the JSON of many clients. */
function mapFields(
  places: Readonly<Record<string, MaskPlace>>,
  mapOther: (key: string, item: unknown, path: string, masker: PlaceMasker) => [string, unknown],
) {
  const known = new Map(Object.entries(places));
  return (value: unknown, path: string, masker: PlaceMasker): JsonObject =>
    Object.fromEntries(
      Object.entries(expectObject(value, path)).map(([key, item]) => {
        const place = known.get(key);
        if (place === undefined) return mapOther(key, item, path, masker);
        return [key, item === null ? null : place(item, path === '' ? key : `${path}.${key}`, masker)];
      }),
    );
}

import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * JSON merge patch (RFC 7396): members of the patch replace those of the target, objects are merged, and null takes a
 * member away. Arrays are replaced as a whole.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? mergePatch(toObject(merged.get(key)), value) : value);
  }
  return Object.fromEntries(merged);
}

function toObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return isJsonObject(value);
}

import { isJsonObject } from '../core/json.ts';

const TAG = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** Fills `{{ a.b }}` from the values. A string that is one tag becomes the value itself, of whatever type. */
export function fill(template: unknown, values: unknown): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, values));
  if (isJsonObject(template)) {
    return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, fill(item, values)]));
  }
  if (typeof template !== 'string') return template;
  const [, only] = /^\{\{\s*([\w.-]+)\s*\}\}$/.exec(template) ?? [];
  return only === undefined ? fillText(template, values) : lookUp(values, only);
}

export function fillText(template: string, values: unknown): string {
  return template.replace(TAG, (_tag, path: string) => {
    const value = lookUp(values, path);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** The value at a path; undefined if there is none. */
export function valueAt(values: unknown, path: string): unknown {
  let current = values;
  for (const key of path.split('.')) {
    if (Array.isArray(current)) current = current[Number(key)] as unknown;
    else if (isJsonObject(current)) current = current[key];
    else return undefined;
  }
  return current;
}

function lookUp(values: unknown, path: string): unknown {
  const value = valueAt(values, path);
  if (value === undefined) throw new UnknownValueError(path);
  return value;
}

export class UnknownValueError extends Error {
  override name = 'UnknownValueError';
  constructor(path: string) {
    super(`{{ ${path} }} stands for nothing that is known here`);
  }
}

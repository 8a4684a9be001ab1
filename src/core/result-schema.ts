import { z } from 'zod';
import { MeshError, messageOf } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/**
 * The part of JSON Schema (2020-12) in which a task can say what its result must hold: what is not listed is refused,
 * since a keyword that were not enforced would promise what nobody keeps. There are no references and no patterns, so
 * that a check takes time in proportion to schema and result, whoever wrote them.
 */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['type', 'properties', 'required', 'additionalProperties'],
  array: ['type', 'items', 'minItems', 'maxItems'],
  string: ['type', 'minLength', 'maxLength', 'format'],
  number: ['type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: ['type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  boolean: ['type'],
  null: ['type'],
  enum: ['enum'],
  const: ['const'],
  anyOf: ['anyOf'],
};
const ANNOTATIONS = ['title', 'description', '$comment'];
const FORMATS = ['date', 'date-time', 'email', 'uri', 'uuid'];
const MAX_BYTES = 16 * 1024;

/**
 * Refuses what is no schema of an object in the supported part of JSON Schema.
 *
 * @throws MeshError invalid_request, with the place
 */
export function requireResultSchema(schema: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > MAX_BYTES) throw refusal('', `expected at most ${MAX_BYTES} bytes, found ${bytes}`);
  if (schema['type'] !== 'object') throw refusal('', 'expected the type "object"');
  requireNode(schema, '');
  compile(schema);
}

function requireNode(schema: unknown, path: string): void {
  if (!isJsonObject(schema)) throw refusal(path, `expected a schema, found ${describe(schema)}`);
  const kind = ['enum', 'const', 'anyOf'].find((keyword) => keyword in schema) ?? schema['type'];
  const known = typeof kind === 'string' ? KEYWORDS[kind] : undefined;
  if (known === undefined)
    throw refusal(
      path,
      `expected a type of object, array, string, number, integer, boolean or null, or enum, const or anyOf`,
    );
  for (const [keyword, value] of Object.entries(schema)) {
    if (![...known, ...ANNOTATIONS].includes(keyword)) {
      throw refusal(path, `expected no keyword but ${known.join(', ')} here, found ${keyword}`);
    }
    requireValue(keyword, value, { path: `${path}/${keyword}`, schema });
  }
}

function requireValue(
  keyword: string,
  value: unknown,
  { path, schema }: { readonly path: string; readonly schema: JsonObject | Record<string, unknown> },
): void {
  switch (keyword) {
    case 'properties':
      if (!isJsonObject(value)) throw refusal(path, `expected an object, found ${describe(value)}`);
      for (const [name, property] of Object.entries(value)) requireNode(property, `${path}/${name}`);
      return;
    case 'items':
      requireNode(value, path);
      return;
    case 'additionalProperties':
      if (typeof value !== 'boolean') requireNode(value, path);
      return;
    case 'anyOf':
      for (const [index, choice] of listOf(value, path).entries()) requireNode(choice, `${path}/${index}`);
      return;
    case 'enum':
      for (const choice of listOf(value, path)) requireScalar(choice, path);
      return;
    case 'const':
      requireScalar(value, path);
      return;
    case 'required':
      requireProperties(value, schema['properties'], path);
      return;
    case 'format':
      if (!FORMATS.some((format) => format === value)) throw refusal(path, `expected ${FORMATS.join(', ')}`);
      return;
    case 'type':
      return;
    default:
      requireAnnotationOrNumber(keyword, value, path);
  }
}

function requireAnnotationOrNumber(keyword: string, value: unknown, path: string): void {
  const wanted = ANNOTATIONS.includes(keyword) ? 'string' : 'number';
  if (typeof value !== wanted) throw refusal(path, `expected a ${wanted}, found ${describe(value)}`);
  const isCount = /Length$|Items$/.test(keyword);
  if (isCount && !(Number.isInteger(value) && Number(value) >= 0))
    throw refusal(path, 'expected a whole number from 0');
  if (keyword === 'multipleOf' && Number(value) <= 0) throw refusal(path, 'expected a number above 0');
}

function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw refusal(path, `expected a list that is not empty, found ${describe(value)}`);
}

function requireScalar(value: unknown, path: string): void {
  if (value !== null && typeof value === 'object')
    throw refusal(path, `expected texts, numbers, true, false or null, found ${describe(value)}`);
}

/** A required property that is not described would not be looked for. */
function requireProperties(value: unknown, properties: unknown, path: string): void {
  const known = isJsonObject(properties) ? properties : {};
  const names: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  const stranger = names.find((name) => typeof name !== 'string' || !Object.hasOwn(known, name));
  if (names.length > 0 && (stranger !== undefined || names.includes(undefined)))
    throw refusal(path, 'expected a list of names that are described in properties');
}

/**
 * Refuses data that do not fit a schema. Values are not told, since they may be personal data.
 *
 * @throws MeshError invalid_result, with path, expected and found
 */
export function requireFittingData(schema: JsonObject, data: JsonObject, taskId: string): void {
  const parsed = compile(schema).safeParse(data);
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: ['data', ...path.map(String)].join('.'),
    message,
    found: describe(path.reduce<unknown>(memberOf, data)),
  }));
  const [first] = issues;
  throw new MeshError(
    'invalid_result',
    `The result of task ${taskId} does not fit its schema at ${first?.path ?? 'data'}: ${first?.message ?? 'is not valid'}; found ${first?.found ?? 'nothing'}.`,
    {
      hint: 'Complete the task with data that fit: call complete_task with outcome, summary and data. An outcome of declined needs none.',
      details: { issues },
    },
  );
}

function compile(schema: JsonObject): z.ZodType {
  try {
    return z.fromJSONSchema(schema);
  } catch (error) {
    throw refusal('', messageOf(error));
  }
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`.replace('a object', 'an object');
}

function refusal(path: string, what: string): MeshError {
  return new MeshError('invalid_request', `result_schema${path}: ${what}.`, {
    hint: 'docs/tasks.md lists what a schema may use.',
  });
}

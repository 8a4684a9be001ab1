import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { requireFittingData, requireResultSchema } from '../../src/core/result-schema.ts';

const withProperty = (a: unknown): JsonObject => ({ type: 'object', properties: { a } }) as JsonObject;

test.each([
  [
    'a remote reference',
    withProperty({ $ref: 'https://example.org/x' }),
    /result_schema\/properties\/a: expected a type/,
  ],
  ['a local one', { type: 'object', $defs: {}, properties: {} }, /found \$defs/],
  [
    'a pattern, which could take for ever',
    withProperty({ type: 'string', pattern: '(a+)+$' }),
    /found pattern/,
  ],
  ['patternProperties', { type: 'object', patternProperties: {} }, /found patternProperties/],
  ['what would not be enforced', withProperty({ type: 'array', uniqueItems: true }), /found uniqueItems/],
  ['what is required and not described', { type: 'object', required: ['b'] }, /result_schema\/required/],
  ['an unknown type', withProperty({ type: 'money' }), /expected a type of/],
  ['a number as a property', withProperty(5), /expected a schema, found a number/],
  ['a text as a limit', withProperty({ type: 'string', minLength: 'x' }), /minLength: expected a number/],
  ['no object', { type: 'array' }, /expected the type "object"/],
  ['16 KiB and more', { type: 'object', description: 'x'.repeat(16_384) }, /at most 16384 bytes/],
])('%s is refused', (_what, schema, message) => {
  expect(() => {
    requireResultSchema(schema);
  }).toThrow(message);
});

test('a property may be named as a keyword', () => {
  requireResultSchema({
    type: 'object',
    properties: { pattern: { type: 'string' }, $ref: { type: 'null' } },
  });
});

/** What a schema promises is kept: data that fit pass, and without a required part they do not. */
test('data fit or do not, as the schema says', () => {
  const kinds = fc.constantFrom<[JsonObject, unknown, unknown]>(
    [{ type: 'string', maxLength: 3 }, 'abc', 'abcd'],
    [{ type: 'integer', minimum: 1 }, 2, 0],
    [{ type: 'number', exclusiveMaximum: 1 }, 0.5, 1],
    [{ type: 'boolean' }, true, 'true'],
    [{ enum: ['x', 1, null] }, null, 'y'],
    [{ const: 'k' }, 'k', 'l'],
    [{ type: 'array', items: { type: 'null' }, minItems: 1 }, [null], []],
    [{ type: 'object', properties: { b: { type: 'string' } }, required: ['b'] }, { b: '' }, {}],
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, 1, 1.5],
    [{ type: 'string', format: 'date' }, '2026-01-31', '31.1.2026'],
  );
  fc.assert(
    fc.property(kinds, fc.boolean(), ([node, good, bad], isClosed) => {
      const schema = {
        ...withProperty(node),
        required: ['a'],
        additionalProperties: !isClosed,
      } as JsonObject;
      requireResultSchema(schema);
      const check = (data: unknown) => () => {
        requireFittingData(schema, data as JsonObject, 't');
      };
      expect(check({ a: good })).not.toThrow();
      expect(check({ a: bad })).toThrow(/does not fit its schema at data/);
      expect(check({})).toThrow(/at data\.a: .*found nothing/);
      if (isClosed) expect(check({ a: good, z: 1 })).toThrow(/z/);
      else expect(check({ a: good, z: 1 })).not.toThrow();
    }),
  );
});

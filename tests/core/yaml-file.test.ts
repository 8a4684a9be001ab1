import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml, readYamlFile } from '../../src/core/yaml-file.ts';

const Shelf = z.strictObject({
  name: z.string(),
  books: z.array(z.strictObject({ title: z.string(), pages: z.number().optional() })).default([]),
});

const mistakesIn = (text: string, schema: z.ZodType = Shelf) => {
  try {
    parseYaml(text, 'shelf.yaml', schema);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('there was no mistake');
};

test('what is right is read', () => {
  expect(parseYaml('name: a\nbooks: [{title: b}]', 'shelf.yaml', Shelf)).toEqual({
    name: 'a',
    books: [{ title: 'b' }],
  });
});

test('broken YAML is told with file, line and column', () => {
  expect(mistakesIn('name: a\nbooks: [')).toMatch(/^shelf\.yaml:2:\d+: /);
});

test('a wrong value is told where it stands', () => {
  expect(mistakesIn('name: a\nbooks:\n  - title: 7\n')).toMatch(
    /^shelf\.yaml:3:12: books\.0\.title: .*expected string/,
  );
});

test('an unknown key is told with what was meant, and what there is', () => {
  expect(mistakesIn('name: a\nbooks:\n  - titel: b\n')).toContain(
    'does not take "titel" (did you mean "title"?); known keys are title, pages',
  );
});

test('known keys are found behind transformations and defaults', () => {
  const books = Shelf.shape.books.transform((all) => all.length).refine((count) => count < 9);
  expect(mistakesIn('books: [{titel: b}]', z.strictObject({ books }))).toContain(
    '(did you mean "title"?); known keys are title, pages',
  );
});

test.each(['', '# nothing yet\n', '---\n'])(
  'a file that says nothing (%j) leaves all to the defaults',
  (text) => {
    expect(parseYaml(text, 'shelf.yaml', Shelf.partial())).toEqual({ books: [] });
    expect(mistakesIn(text)).toMatch(/^shelf\.yaml:1:\d: name: .*expected string/);
  },
);

test.each([
  ['stands for nothing', 'name: *a', 'shelf.yaml:1:7: *a stands for nothing'],
  ['is a part of itself', 'name: &a [*a]', 'shelf.yaml:1:11: *a is a part of what it stands for'],
  [
    'is a bomb',
    `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]`,
    'shelf.yaml: Excessive alias count',
  ],
])('an alias that %s is a mistake', (_what, text, message) => {
  expect(mistakesIn(text)).toContain(message);
});

test('all mistakes are told at once', () => {
  expect(mistakesIn('name: 1\nbooks: 2\n').split('\n')).toHaveLength(2);
});

test('a key that stands twice is a mistake', () => {
  expect(mistakesIn('name: a\nname: b\n')).toMatch(/^shelf\.yaml:2:1: /);
});

test('a file that is not there is told by its name', async () => {
  await expect(readYamlFile('/nowhere/shelf.yaml', Shelf)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringContaining('/nowhere/shelf.yaml') as string,
  });
});
